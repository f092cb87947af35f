#!/bin/sh
# Compiles the lane kernels for AArch64 and, where qemu can run them, compares their bits with this machine's. Ends with 77 (skipped) without a
# cross compiler.
set -eu
cd "$(dirname "$0")/.."
CROSS=aarch64-linux-gnu-g++
command -v $CROSS >/dev/null || { echo "skipped: no $CROSS (Debian: g++-aarch64-linux-gnu)"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-std=c++20 -O2 -Wall -Wextra -Wpedantic -Wshadow -Werror -ffp-contract=off -Isrc -Iinclude"
for name in kernels tissue_kernels; do
    for target in scalar neon avx2 avx512; do
        $CROSS $flags -c src/lanes/${name}_$target.cpp -o "$work/arm_${name}_$target.o"
    done
done
for name in kernels tissue_kernels target; do $CROSS $flags -c src/lanes/$name.cpp -o "$work/arm_$name.o"; done
$CROSS $flags -static tests/cross/bits.cpp "$work"/arm_*.o -o "$work/bits_arm"
echo "the lane kernels compile for AArch64"
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || true)
[ -n "$qemu" ] || { echo "their bits are not compared: no qemu-aarch64"; exit 0; }
for name in kernels kernels_scalar kernels_avx2 kernels_avx512 kernels_neon target; do
    case $name in
        *avx2) more="-mavx2 -mfma" ;;
        *avx512) more="-mavx512f -mavx512dq -mfma" ;;
        *) more="" ;;
    esac
    ${CXX:-g++} $flags $more -c src/lanes/$name.cpp -o "$work/here_$name.o"
done
${CXX:-g++} $flags tests/cross/bits.cpp "$work"/here_*.o -o "$work/bits_here"
"$work/bits_here" >"$work/here"
"$qemu" "$work/bits_arm" >"$work/arm"
cmp "$work/here" "$work/arm"
echo "and have the same bits in $(wc -l <"$work/here") runs"
