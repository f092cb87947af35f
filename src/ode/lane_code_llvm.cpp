// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <llvm-c/Core.h>
#include <llvm-c/LLJIT.h>
#include <llvm-c/Orc.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <set>
#include <span>
#include <stdexcept>
#include <unordered_map>

#include "base/digest.hpp"
#include "ode/lane_code.hpp"
#include "ode/lane_code_cache.hpp"

namespace abscopal {
namespace {

using lanes::Instruction;
using lanes::Operation;

constexpr unsigned row_bytes = lanes::group_lanes * sizeof(double);

struct TargetText {
    const char* cpu;
    const char* features;
};

TargetText text_of(lanes::Target target) {
    switch (target) {
        case lanes::Target::avx512:
            return {"skylake-avx512", "+avx512f,+avx512dq,+avx512vl,+fma,-prefer-256-bit"};
        case lanes::Target::avx2:
            return {"haswell", "+avx2,+fma"};
        case lanes::Target::neon:
            return {"generic", "+neon"};
        case lanes::Target::scalar:
            break;
    }
#if defined(__x86_64__)
    // Two lanes at a time; a machine that can fuse need not call the C library for it, and gets the same
    // bits.
    return {"x86-64", __builtin_cpu_supports("fma") ? "+avx,+fma" : ""};
#else
    return {"generic", ""};
#endif
}

[[noreturn]] void fail(LLVMErrorRef error) {
    char* text = LLVMGetErrorMessage(error);
    const std::string message = text;
    LLVMDisposeErrorMessage(text);
    throw std::runtime_error("code generation: " + message);
}

/// A piece of a program, short enough that LLVM's effort, which grows faster than length, stays small.
struct Piece {
    std::span<const Instruction> program;
    std::vector<std::uint32_t> kept;     ///< rows that later pieces read
    std::vector<std::uint32_t> results;  ///< of the whole program, last written here
    std::uint32_t first = 0;             ///< as in LaneSource
};
constexpr std::size_t piece_length = 4'000;

/// What each instruction leaves for others: backwards, so that a row's last writer is met first.
class Cutter {
  public:
    explicit Cutter(const LaneSource& source)
        : source_(source), awaited_(source.results.begin(), source.results.end()) {}

    std::vector<Piece> cut() {
        const std::span<const Instruction> program(*source_.program);
        const std::size_t n = std::max<std::size_t>(1, (program.size() + piece_length - 1) / piece_length);
        std::vector<Piece> pieces(n);
        for (std::size_t k = n; k-- > 0;) {
            const std::size_t begin = program.size() * k / n, end = program.size() * (k + 1) / n;
            pieces[k] = take(program.subspan(begin, end - begin));
        }
        return pieces;
    }

  private:
    Piece take(std::span<const Instruction> program) {
        Piece piece{program, {}, {}, source_.first};
        std::set<std::uint32_t> written;
        for (const auto& i : program) written.insert(i.out);
        for (const auto row : written) {
            if (awaited_.erase(row)) piece.results.push_back(row);
            if (read_later_.erase(row)) piece.kept.push_back(row);
        }
        for (auto i = program.rbegin(); i != program.rend(); ++i) {
            read_later_.erase(i->out);
            const std::array arguments{i->a, i->b, i->c};
            read_later_.insert(arguments.begin(), arguments.begin() + lanes::arity(i->operation));
        }
        return piece;
    }

    const LaneSource& source_;
    std::set<std::uint32_t> awaited_, read_later_;
};

/// Writes the body of one function: void f(double* pack, double* results), which works on one pack of every
/// row.
class Emitter {
  public:
    Emitter(LLVMContextRef context, LLVMModuleRef module, const lanes::Kernels& kernels,
            const std::string& name)
        : context_(context),
          module_(module),
          kernels_(kernels),
          width_(static_cast<unsigned>(kernels.width)),
          builder_(LLVMCreateBuilderInContext(context)) {
        double_ = LLVMDoubleTypeInContext(context_);
        byte_ = LLVMInt8TypeInContext(context_);
        vector_ = LLVMVectorType(double_, width_);
        byte_pointer_ = LLVMPointerType(byte_, 0);
        LLVMTypeRef pointers[] = {byte_pointer_, byte_pointer_};
        LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(context_), pointers, 2, 0);
        function_ = LLVMAddFunction(module_, name.c_str(), type);
        add_attribute("min-legal-vector-width", std::to_string(width_ * 64));
        add_attribute("prefer-vector-width", std::to_string(width_ * 64));
        LLVMPositionBuilderAtEnd(builder_, LLVMAppendBasicBlockInContext(context_, function_, ""));
        base_ = LLVMGetParam(function_, 0);
        results_ = LLVMGetParam(function_, 1);
    }
    ~Emitter() { LLVMDisposeBuilder(builder_); }
    Emitter(const Emitter&) = delete;
    Emitter& operator=(const Emitter&) = delete;

    void emit(const Piece& piece) {
        for (const auto& instruction : piece.program) values_[instruction.out] = value_of(instruction);
        for (const auto row : piece.kept) keep(row, place(base_, row));
        for (const auto row : piece.results) keep(row, place(results_, row - piece.first));
        LLVMBuildRetVoid(builder_);
    }

  private:
    void keep(std::uint32_t row, LLVMValueRef place) {
        LLVMSetAlignment(LLVMBuildStore(builder_, values_.at(row), place), sizeof(double) * width_);
    }

    void add_attribute(const char* key, const std::string& value) {
        const auto attribute = LLVMCreateStringAttribute(
            context_, key, static_cast<unsigned>(std::char_traits<char>::length(key)), value.data(),
            static_cast<unsigned>(value.size()));
        LLVMAddAttributeAtIndex(function_, static_cast<LLVMAttributeIndex>(LLVMAttributeFunctionIndex),
                                attribute);
    }

    LLVMValueRef place(LLVMValueRef base, std::uint32_t row) {
        LLVMValueRef offset =
            LLVMConstInt(LLVMInt64TypeInContext(context_), std::uint64_t{row} * row_bytes, 0);
        LLVMValueRef address = LLVMBuildGEP2(builder_, byte_, base, &offset, 1, "");
        return LLVMBuildBitCast(builder_, address, LLVMPointerType(vector_, 0), "");
    }

    LLVMValueRef read(std::uint32_t row) {
        const auto [entry, is_new] = values_.try_emplace(row, nullptr);
        if (is_new) {
            entry->second = LLVMBuildLoad2(builder_, vector_, place(base_, row), "");
            LLVMSetAlignment(entry->second, sizeof(double) * width_);
        }
        return values_[row];
    }

    LLVMValueRef splat(double value) {
        const std::vector<LLVMValueRef> copies(width_, LLVMConstReal(double_, value));
        return LLVMConstVector(const_cast<LLVMValueRef*>(copies.data()), width_);
    }

    LLVMValueRef intrinsic(const char* name, std::vector<LLVMValueRef> arguments) {
        const unsigned id = LLVMLookupIntrinsicID(name, std::char_traits<char>::length(name));
        LLVMValueRef declaration = LLVMGetIntrinsicDeclaration(module_, id, &vector_, 1);
        LLVMTypeRef type = LLVMIntrinsicGetType(context_, id, &vector_, 1);
        return LLVMBuildCall2(builder_, type, declaration, arguments.data(),
                              static_cast<unsigned>(arguments.size()), "");
    }

    /// A kernel of the target, on packs in memory.
    LLVMValueRef call(const char* name, std::vector<LLVMValueRef> arguments) {
        LLVMTypeRef pointer = LLVMPointerType(vector_, 0);
        std::vector<LLVMTypeRef> types(arguments.size() + 1, pointer);
        LLVMTypeRef type = LLVMFunctionType(LLVMVoidTypeInContext(context_), types.data(),
                                            static_cast<unsigned>(types.size()), 0);
        LLVMValueRef function = LLVMGetNamedFunction(module_, name);
        if (!function) function = LLVMAddFunction(module_, name, type);
        std::vector<LLVMValueRef> slots;
        for (std::size_t i = 0; i <= arguments.size(); ++i) slots.push_back(scratch(i));
        for (std::size_t i = 0; i < arguments.size(); ++i) LLVMBuildStore(builder_, arguments[i], slots[i]);
        LLVMBuildCall2(builder_, type, function, slots.data(), static_cast<unsigned>(slots.size()), "");
        return LLVMBuildLoad2(builder_, vector_, slots.back(), "");
    }

    LLVMValueRef scratch(std::size_t i) {
        while (scratch_.size() <= i) {
            LLVMBasicBlockRef here = LLVMGetInsertBlock(builder_);
            LLVMValueRef first = LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(function_));
            if (first) LLVMPositionBuilderBefore(builder_, first);
            scratch_.push_back(LLVMBuildAlloca(builder_, vector_, ""));
            LLVMPositionBuilderAtEnd(builder_, here);
        }
        return scratch_[i];
    }

    LLVMValueRef compare(LLVMRealPredicate predicate, LLVMValueRef a, LLVMValueRef b) {
        return LLVMBuildFCmp(builder_, predicate, a, b, "");
    }
    LLVMValueRef choose(LLVMValueRef mask, LLVMValueRef yes, LLVMValueRef no) {
        return LLVMBuildSelect(builder_, mask, yes, no, "");
    }
    LLVMValueRef truth(LLVMValueRef mask) { return choose(mask, splat(1.0), splat(0.0)); }
    LLVMValueRef is_true(LLVMValueRef a) { return compare(LLVMRealUNE, a, splat(0.0)); }
    LLVMValueRef negated(LLVMValueRef a) { return LLVMBuildFNeg(builder_, a, ""); }

    LLVMValueRef value_of(const Instruction& i) {
        const auto a = [&] { return read(i.a); };
        const auto b = [&] { return read(i.b); };
        const auto c = [&] { return read(i.c); };
        switch (i.operation) {
            case Operation::copy:
                return a();
            case Operation::add:
                return LLVMBuildFAdd(builder_, a(), b(), "");
            case Operation::sub:
                return LLVMBuildFSub(builder_, a(), b(), "");
            case Operation::mul:
                return LLVMBuildFMul(builder_, a(), b(), "");
            case Operation::div:
                return LLVMBuildFDiv(builder_, a(), b(), "");
            case Operation::negate:
                return negated(a());
            case Operation::sqrt:
                return intrinsic("llvm.sqrt", {a()});
            case Operation::abs:
                return intrinsic("llvm.fabs", {a()});
            case Operation::min:
                return choose(compare(LLVMRealOLT, a(), b()), a(), b());
            case Operation::max:
                return choose(compare(LLVMRealOGT, a(), b()), a(), b());
            case Operation::lt:
                return truth(compare(LLVMRealOLT, a(), b()));
            case Operation::le:
                return truth(compare(LLVMRealOLE, a(), b()));
            case Operation::eq:
                return truth(compare(LLVMRealOEQ, a(), b()));
            case Operation::ne:
                return truth(compare(LLVMRealUNE, a(), b()));
            case Operation::and_:
                return truth(LLVMBuildAnd(builder_, is_true(a()), is_true(b()), ""));
            case Operation::or_:
                return truth(LLVMBuildOr(builder_, is_true(a()), is_true(b()), ""));
            case Operation::xor_:
                return truth(LLVMBuildXor(builder_, is_true(a()), is_true(b()), ""));
            case Operation::not_:
                return truth(compare(LLVMRealOEQ, a(), splat(0.0)));
            case Operation::select:
                return choose(is_true(a()), b(), c());
            case Operation::finite:
                return choose(compare(LLVMRealOLT, intrinsic("llvm.fabs", {a()}),
                                      splat(std::numeric_limits<double>::infinity())),
                              a(), splat(0.0));
            case Operation::mul_add:
                return intrinsic("llvm.fma", {a(), b(), c()});
            case Operation::mul_sub:
                return intrinsic("llvm.fma", {a(), b(), negated(c())});
            case Operation::sub_mul:
                return intrinsic("llvm.fma", {negated(a()), b(), c()});
            case Operation::add3:
                return LLVMBuildFAdd(builder_, LLVMBuildFAdd(builder_, a(), b(), ""), c(), "");
            case Operation::mul3:
                return LLVMBuildFMul(builder_, LLVMBuildFMul(builder_, a(), b(), ""), c(), "");
            case Operation::reciprocal:
                return LLVMBuildFDiv(builder_, splat(1.0), a(), "");
            default:
                return by_kernel(i);
        }
    }

    LLVMValueRef by_kernel(const Instruction& i) {
        const std::string name = kernel_name(i.operation);
        const bool of_two = kernels_.calls[static_cast<std::size_t>(i.operation)].of_two != nullptr;
        return of_two ? call(name.c_str(), {read(i.a), read(i.b)}) : call(name.c_str(), {read(i.a)});
    }

  public:
    static std::string kernel_name(Operation operation) {
        return "abscopal_kernel_" + std::to_string(static_cast<int>(operation));
    }

  private:
    LLVMContextRef context_;
    LLVMModuleRef module_;
    const lanes::Kernels& kernels_;
    unsigned width_;
    LLVMBuilderRef builder_;
    LLVMTypeRef double_, byte_, vector_, byte_pointer_;
    LLVMValueRef function_, base_, results_;
    std::vector<LLVMValueRef> scratch_;
    std::unordered_map<std::uint32_t, LLVMValueRef> values_;
};

LLVMTargetMachineRef make_machine(lanes::Target target) {
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    char* triple = LLVMGetDefaultTargetTriple();
    LLVMTargetRef found = nullptr;
    char* message = nullptr;
    if (LLVMGetTargetFromTriple(triple, &found, &message))
        throw std::runtime_error(std::string("code generation: ") + message);
    const auto [cpu, features] = text_of(target);
    LLVMTargetMachineRef machine = LLVMCreateTargetMachine(found, triple, cpu, features, LLVMCodeGenLevelLess,
                                                           LLVMRelocPIC, LLVMCodeModelDefault);
    LLVMDisposeMessage(triple);
    return machine;
}

/// Object code of one piece.
std::string build_object(const Piece& piece, const std::string& name, const lanes::Kernels& kernels) {
    LLVMContextRef context = LLVMContextCreate();
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("abscopal", context);
    LLVMTargetMachineRef machine = make_machine(kernels.target);
    char* triple = LLVMGetTargetMachineTriple(machine);
    LLVMSetTarget(module, triple);
    LLVMDisposeMessage(triple);
    LLVMTargetDataRef layout = LLVMCreateTargetDataLayout(machine);
    LLVMSetModuleDataLayout(module, layout);
    LLVMDisposeTargetData(layout);
    Emitter(context, module, kernels, name).emit(piece);

    LLVMMemoryBufferRef object = nullptr;
    char* message = nullptr;
    const bool failed =
        LLVMTargetMachineEmitToMemoryBuffer(machine, module, LLVMObjectFile, &message, &object);
    std::string bytes;
    if (!failed) bytes.assign(LLVMGetBufferStart(object), LLVMGetBufferSize(object));
    if (object) LLVMDisposeMemoryBuffer(object);
    LLVMDisposeTargetMachine(machine);
    LLVMDisposeModule(module);
    LLVMContextDispose(context);
    if (failed) throw std::runtime_error(std::string("code generation: ") + message);
    return bytes;
}

std::string name_of_piece(std::size_t program, std::size_t piece) {
    return "program_" + std::to_string(program) + "_" + std::to_string(piece);
}

// Objects stand one behind the other, each behind its size.
void add_object(std::string& objects, const std::string& object) {
    const std::uint64_t size = object.size();
    objects.append(reinterpret_cast<const char*>(&size), sizeof size);
    objects += object;
}

std::string_view take_object(std::string_view& objects) {
    std::uint64_t size = 0;
    std::memcpy(&size, objects.data(), sizeof size);
    const std::string_view object = objects.substr(sizeof size, size);
    objects.remove_prefix(sizeof size + size);
    return object;
}

/// All that decides the object code.
std::string key_of(const std::vector<LaneSource>& sources, const lanes::Kernels& kernels) {
    std::string text = "lane code 3 " + std::string(lanes::name_of(kernels.target)) + " " +
                       text_of(kernels.target).features + " " + std::to_string(lanes::group_lanes) + " " +
                       std::to_string(piece_length);
    const auto add = [&](std::uint32_t number) {
        text.append(reinterpret_cast<const char*>(&number), sizeof number);
    };
    for (const auto& source : sources) {
        add(static_cast<std::uint32_t>(source.program->size()));
        for (const auto& i : *source.program) {
            for (const auto number : {static_cast<std::uint32_t>(i.operation), i.out, i.a, i.b, i.c})
                add(number);
        }
        for (const auto row : source.results) add(row);
        add(source.first);
    }
    return sha256(text);
}

}  // namespace

struct LaneCode::Memory {
    ~Memory() {
        if (jit) LLVMConsumeError(LLVMOrcDisposeLLJIT(jit));
    }
    using Function = void (*)(double*, double*);
    LLVMOrcLLJITRef jit = nullptr;
    std::vector<std::vector<Function>> functions;  ///< by program and piece
    int width = 0;

    void load(std::string_view objects, const std::vector<std::size_t>& n_pieces,
              const lanes::Kernels& kernels);
    Function find(const std::string& name);
    void define_kernels(const lanes::Kernels& kernels);
};

void LaneCode::Memory::define_kernels(const lanes::Kernels& kernels) {
    std::vector<LLVMJITCSymbolMapPair> symbols;
    for (int i = 0; i < lanes::n_operations; ++i) {
        const auto& call = kernels.calls[static_cast<std::size_t>(i)];
        const auto address = call.of_two ? reinterpret_cast<std::uintptr_t>(call.of_two)
                                         : reinterpret_cast<std::uintptr_t>(call.of_one);
        if (address == 0) continue;
        LLVMJITCSymbolMapPair pair{};
        pair.Name = LLVMOrcLLJITMangleAndIntern(jit, Emitter::kernel_name(static_cast<Operation>(i)).c_str());
        pair.Sym.Address = address;
        pair.Sym.Flags.GenericFlags = LLVMJITSymbolGenericFlagsExported | LLVMJITSymbolGenericFlagsCallable;
        symbols.push_back(pair);
    }
    LLVMOrcMaterializationUnitRef unit = LLVMOrcAbsoluteSymbols(symbols.data(), symbols.size());
    LLVMOrcJITDylibRef library = LLVMOrcLLJITGetMainJITDylib(jit);
    if (auto error = LLVMOrcJITDylibDefine(library, unit)) fail(error);
    // Where a machine has no fused multiply-add, LLVM calls the C library's.
    LLVMOrcDefinitionGeneratorRef process = nullptr;
    if (auto error = LLVMOrcCreateDynamicLibrarySearchGeneratorForProcess(
            &process, LLVMOrcLLJITGetGlobalPrefix(jit), nullptr, nullptr))
        fail(error);
    LLVMOrcJITDylibAddGenerator(library, process);
}

LaneCode::Memory::Function LaneCode::Memory::find(const std::string& name) {
    LLVMOrcExecutorAddress address = 0;
    if (auto error = LLVMOrcLLJITLookup(jit, &address, name.c_str())) fail(error);
    return reinterpret_cast<Function>(address);
}

void LaneCode::Memory::load(std::string_view objects, const std::vector<std::size_t>& n_pieces,
                            const lanes::Kernels& kernels) {
    width = kernels.width;
    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    if (auto error = LLVMOrcCreateLLJIT(&jit, nullptr)) fail(error);
    define_kernels(kernels);
    while (!objects.empty()) {
        const std::string_view object = take_object(objects);
        LLVMMemoryBufferRef buffer =
            LLVMCreateMemoryBufferWithMemoryRangeCopy(object.data(), object.size(), "abscopal");
        if (auto error = LLVMOrcLLJITAddObjectFile(jit, LLVMOrcLLJITGetMainJITDylib(jit), buffer))
            fail(error);
    }
    for (std::size_t i = 0; i < n_pieces.size(); ++i) {
        auto& pieces = functions.emplace_back();
        for (std::size_t k = 0; k < n_pieces[i]; ++k) pieces.push_back(find(name_of_piece(i, k)));
    }
}

LaneCode::LaneCode() : memory_(std::make_unique<Memory>()) {}
LaneCode::~LaneCode() = default;

std::shared_ptr<const LaneCode> LaneCode::compile(const std::vector<LaneSource>& sources,
                                                  const lanes::Kernels& kernels, const std::string& cache,
                                                  const std::function<bool()>& go_on) {
    std::size_t operations = 0;
    for (const auto& source : sources) operations += source.program->size();
    if (operations > max_operations) return nullptr;
    std::vector<std::vector<Piece>> pieces;
    std::vector<std::size_t> n_pieces;
    for (const auto& source : sources) n_pieces.push_back(pieces.emplace_back(Cutter(source).cut()).size());
    const std::string key = key_of(sources, kernels);
    std::string objects = read_cached_code(cache, key);
    if (objects.empty()) {
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            for (std::size_t k = 0; k < pieces[i].size(); ++k) {
                if (go_on && !go_on()) return nullptr;
                add_object(objects, build_object(pieces[i][k], name_of_piece(i, k), kernels));
            }
        }
        write_cached_code(cache, key, objects);
    }
    auto code = std::make_shared<LaneCode>();
    code->memory_->load(objects, n_pieces, kernels);
    return code;
}

void LaneCode::run(std::size_t i, double* workspace, double* results) const {
    for (int p = 0; p < lanes::group_lanes; p += memory_->width)
        for (const auto function : memory_->functions[i]) function(workspace + p, results + p);
}

}  // namespace abscopal
