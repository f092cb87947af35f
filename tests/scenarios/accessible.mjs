// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
// node accessible.mjs REPORT.html: what axe-core finds in a page in headless Chromium, light and dark, wide and narrow, as one
// line a violation. Exit code 0: nothing; 1: violations; 77: axe-core or Chromium is not installed.
import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

function axeSource() {
    const roots = [process.env.ABSCOPAL_AXE, process.cwd()];
    try {
        roots.push(execFileSync('npm', ['root', '-g'], {encoding: 'utf8'}).trim());
    } catch {
    }
    for (const root of roots.filter(Boolean)) {
        try {
            return readFileSync(createRequire(join(root, 'x.js')).resolve('axe-core/axe.min.js'), 'utf8');
        } catch {
        }
    }
    return null;
}

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const axe = axeSource();
if (!chromium || !axe) {
    console.log(chromium ? 'axe-core is not installed' : 'Chromium is not installed');
    process.exit(77);
}

const folder = mkdtempSync(join(tmpdir(), 'abscopal-axe-'));
const page = join(folder, 'page.html');
// The copy may run a script of ours: its own policy forbids nothing that axe needs but eval.
const html = readFileSync(process.argv[2], 'utf8').replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
const run = `<script>${axe}</script><script>
addEventListener('load', () => axe.run().then(found => {
    const said = found.violations.flatMap(v => v.nodes.map(n => v.id + ' (' + v.impact + '): ' + n.target.join(' ') + ' - '
        + n.any.concat(n.all, n.none).map(c => c.message).join('; ')));
    document.body.innerHTML = '';
    const pre = document.createElement('pre');
    pre.id = 'axe-found';
    pre.textContent = JSON.stringify({passes: found.passes.length, said,
        dark: matchMedia('(prefers-color-scheme: dark)').matches, width: innerWidth});
    document.body.append(pre);
}));
</script>`;
writeFileSync(page, html.replace('</body>', () => run + '</body>'));

let violations = 0;
for (const [scheme, flag] of [['light', 'preferredColorScheme=1'], ['dark', 'preferredColorScheme=0']]) {
    for (const width of [1280, 520]) {
        const dom = execFileSync(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
            `--user-data-dir=${join(folder, 'profile')}`, `--blink-settings=${flag}`, `--window-size=${width},900`,
            '--virtual-time-budget=60000', '--timeout=120000', '--dump-dom', `file://${page}`],
            {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28});
        const found = dom.match(/<pre id="axe-found">(.*?)<\/pre>/s);
        if (!found) throw new Error('axe did not finish');
        const unescaped = found[1].replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
        const {passes, said, dark, width: seen} = JSON.parse(unescaped);
        if (dark !== (scheme === 'dark')) throw new Error('the colour scheme was not taken');
        for (const line of said) console.log(`${scheme}, ${width} px: ${line}`);
        console.log(`${scheme}, ${seen} px: ${passes} rules passed, ${said.length} violations`);
        violations += said.length;
    }
}
rmSync(folder, {recursive: true, force: true});
process.exit(violations ? 1 : 0);
