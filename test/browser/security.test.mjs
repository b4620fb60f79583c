// How noVNC logs in: each way that it knows, on the transports where it may
// finish it. 1.7 takes the first that it knows in the server's order, 1.3 goes
// by an order of its own.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, Tab } from './lib/browser.mjs';
import { debian, lite, ours } from './lib/flavours.mjs';
import { Stage } from './lib/stage.mjs';

const PASSWORD = 'longer than eight';
const USER = 'alice';

// flavour, over TLS, more options, what it comes in by
const PASSWORD_CASES = [
    [ours, false, [], 'tcp+websocket+rfb VncAuth'],
    [ours, true, [], 'tcp+tls+websocket+rfb VncAuth'],
    [debian, false, [], 'tcp+websocket+rfb VncAuth'],
    [debian, true, [], 'tcp+tls+websocket+rfb VncAuth'],
    [lite, false, ['-sectypes', 'Tight'], 'tcp+websocket+rfb VncAuth'],
    [lite, true, ['-sectypes', 'Tight'], 'tcp+tls+websocket+rfb VncAuth'],
    [ours, true, ['-sectypes', 'X509Vnc'], 'tcp+tls+websocket+rfb VncAuth'],
];

describe('logging in', () => {
    let stage;
    let browser;
    const directories = new Map();

    before(async () => {
        stage = new Stage();
        await stage.call('start');
        browser = await launch();
    });
    after(async () => {
        await browser?.close();
        await stage.finish();
        directories.forEach((directory, flavour) => flavour.remove(directory));
    });

    // A server for one test, and a tab that has not gone anywhere yet.
    async function withServer({ flavour, tls, more, password }, act) {
        if (!directories.has(flavour)) {
            directories.set(flavour, flavour.prepare());
        }
        const options = ['-httpdir', directories.get(flavour), ...more];
        if (tls) {
            options.push('-cert', await stage.call('certificate'));
        }
        const port = await stage.call('serve', { options, password });
        const tab = await Tab.open(browser, flavour);
        try {
            await act(tab, `${tls ? 'https' : 'http'}://localhost:${port}`);
        } finally {
            await tab.close();
            await stage.call('stop_serving');
        }
    }

    async function cameInBy(tab, way) {
        await tab.flavour.waitConnected(tab.page);
        await tab.waitForPicture(stage);
        assert.equal(await stage.call('last_login'), way);
        assert.deepEqual(tab.problems, []);
    }

    for (const [flavour, tls, more, way] of PASSWORD_CASES) {
        const name = [flavour.name, tls ? 'over TLS' : '', ...more].join(' ');
        test(name, () => withServer({ flavour, tls, more, password: PASSWORD }, async (tab, base) => {
            await tab.connect(base, PASSWORD);
            await cameInBy(tab, way);
        }));
    }

    // A user by name, in a form of the page.
    async function withUsers(tls, act, flavour = ours) {
        const more = ['-usersfile', await stage.call('users', { name: USER, password: PASSWORD })];
        await withServer({ flavour, tls, more }, act);
    }

    async function logIn(page, base, password) {
        await page.goto(base);
        await page.locator('#username').fill(USER);
        await page.locator('#password').fill(password);
        await page.locator('#login button').click();
    }

    test('a user, by Plain inside TLS', () => withUsers(true, async (tab, base) => {
        await logIn(tab.page, base, PASSWORD.slice(0, 8));
        await tab.page.locator('#login-error', { hasText: /wrong/ }).waitFor();
        tab.problems.length = 0; // noVNC says so on the console
        await logIn(tab.page, base, PASSWORD);
        await cameInBy(tab, `tcp+tls+websocket+rfb Plain ${USER}`);
    }));

    test('a user, by RA2ne without TLS, who compares the key', () => withUsers(false, async (tab, base) => {
        let asked = '';
        tab.page.on('dialog', (dialog) => {
            asked = dialog.message();
            dialog.accept();
        });
        await logIn(tab.page, base, PASSWORD);
        await cameInBy(tab, `tcp+websocket+rfb RA2ne ${USER}`);
        const [fingerprint] = /[0-9a-f:]{95}/.exec(asked);
        assert.ok((await stage.call('log')).includes(fingerprint), fingerprint);
    }));

    // From 1.5 on: Debian 13's does, Debian 12's does not.
    if (debian.knowsRsaAes) {
        test(`a user, by RA2ne with ${debian.name}`, () => withUsers(false, async (tab, base) => {
            await tab.page.goto(debian.address(base));
            const approve = tab.page.locator('#noVNC_approve_server_button');
            await approve.waitFor();
            const said = await tab.page.locator('#noVNC_fingerprint').textContent();
            assert.match(said, /^[0-9a-f-]{23}$/);
            assert.ok((await stage.call('log')).includes(said), said);
            await approve.click();
            await tab.page.locator('#noVNC_username_input').fill(USER);
            await debian.answerPrompt(tab.page, PASSWORD);
            await cameInBy(tab, `tcp+websocket+rfb RA2ne ${USER}`);
        }, debian));
    }
});
