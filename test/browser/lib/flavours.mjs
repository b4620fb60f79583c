// flavours.mjs - the pages a browser may meet on our port: how each is
// addressed, how it says that it is connected, how it asks, what it shows.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const library = join(here, 'node_modules/@novnc/novnc');

function temporary() {
    return mkdtempSync(join(tmpdir(), 'browser-page-'));
}

// Debian's noVNC, the whole application: 1.3 in Debian 12, which says its version
// nowhere, 1.6 in Debian 13.
const packaged = '/usr/share/novnc';

function packagedVersion() {
    const about = join(packaged, 'package.json');
    return existsSync(about) ? JSON.parse(readFileSync(about)).version : '1.3';
}

export const debian = {
    name: `noVNC ${packagedVersion()} of Debian`,
    canvas: '#noVNC_container canvas',
    library: '/core/rfb.js',
    prepare: () => packaged,
    knowsRsaAes: existsSync(join(packaged, 'core/ra2.js')),
    knowsLights: existsSync(join(packaged, 'core/encodings.js'))
        && /LEDEvent/i.test(readFileSync(join(packaged, 'core/encodings.js'))),
    remove: () => {},
    address: (base, password) => `${base}/vnc.html?autoconnect=true`
        + (password === undefined ? '' : `&password=${encodeURIComponent(password)}`),
    // What is over the canvas while it connects fades away, and takes clicks.
    async waitConnected(page) {
        await page.waitForSelector('html.noVNC_connected');
        await page.waitForSelector('#noVNC_transition', { state: 'hidden' });
    },
    async answerPrompt(page, password) {
        await page.locator('#noVNC_password_input').fill(password);
        await page.locator('#noVNC_credentials_button').click();
    },
    reason: (page) => page.locator('#noVNC_status').textContent(),
};

// Our page over noVNC 1.7's core library; X11WSVNC_PAGE may name one that
// web/assemble has made already.
export const ours = {
    name: 'our page over noVNC 1.7',
    canvas: '#screen canvas',
    library: '/novnc/core/rfb.js',
    hidesPassword: true,
    prepare() {
        if (process.env.X11WSVNC_PAGE) {
            return process.env.X11WSVNC_PAGE;
        }
        const directory = temporary();
        execFileSync(join(here, '../../web/assemble'), [directory, library]);
        return directory;
    },
    remove(directory) {
        if (directory !== process.env.X11WSVNC_PAGE) {
            rmSync(directory, { recursive: true });
        }
    },
    address: (base, password) => `${base}/`
        + (password === undefined ? '' : `#password=${encodeURIComponent(password)}`),
    waitConnected: (page) => page.waitForSelector('html[data-state="connected"]'),
    async answerPrompt(page, password) {
        await page.locator('#password').fill(password);
        await page.locator('#login button').click();
    },
    reason: (page) => page.locator('#status').textContent(),
};

// The least page over noVNC 1.7's core library.
export const lite = {
    name: 'a minimal page over noVNC 1.7',
    knowsLights: true,
    canvas: '#screen canvas',
    prepare() {
        const directory = temporary();
        cpSync(join(here, 'lite'), directory, { recursive: true });
        for (const part of ['core', 'vendor']) {
            cpSync(join(library, part), join(directory, 'novnc', part), { recursive: true });
        }
        return directory;
    },
    remove: (directory) => rmSync(directory, { recursive: true }),
    address: (base, password) => `${base}/index.html`
        + (password === undefined ? '' : `?password=${encodeURIComponent(password)}`),
    waitConnected: (page) => page.locator('#status', { hasText: /^connected$/ }).waitFor(),
    answerPrompt: null, // prompt(): the tests answer the dialog
    reason: (page) => page.locator('#status').textContent(),
};
