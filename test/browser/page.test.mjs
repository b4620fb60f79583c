// What only our own page has: its menu, its form, its phone keyboard, its way
// of losing a server and finding it again.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Tab, waitUntil } from './lib/browser.mjs';
import { ours } from './lib/flavours.mjs';
import { Setting } from './lib/scenarios.mjs';

const SOURCE = fileURLToPath(new URL('../../web/', import.meta.url));
const PASSWORD = 'open it';

function shows(page, selector, wanted) {
    return waitUntil(async () => {
        const text = await page.locator(selector).textContent();
        return wanted.test(text) || text;
    }, `${selector} says ${wanted}`);
}

test('the page has nothing inline and nothing from elsewhere', () => {
    const files = readdirSync(SOURCE).filter((name) => /\.(html|js|css)$/.test(name));
    assert.ok(files.length >= 3);
    for (const name of files) {
        const text = readFileSync(SOURCE + name, 'utf8');
        assert.doesNotMatch(text, /https?:\/\/[a-z]/, name);
        if (name.endsWith('.html')) {
            assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)|<style|\s(style|on[a-z]+)=/, name);
            assert.doesNotMatch(text, /(src|href|action)="\//, name);
        }
    }
});

describe('our page', () => {
    const setting = new Setting();
    let stage;
    before(async () => {
        await setting.begin(ours);
        stage = setting.stage;
        await stage.call('cursor', { colour: null, pointer: [700, 550] });
    });
    after(() => setting.end());

    async function keysAre(wanted) {
        await waitUntil(async () => {
            const got = (await stage.call('keys')).map(([kind, name]) => `${kind} ${name}`).join(', ');
            return got === wanted || got;
        }, wanted);
        await stage.call('forget');
    }

    test('key buttons', async () => {
        const { page, problems, context } = await setting.openConnected();
        await page.click('#menu-button');
        await page.click('text=Ctrl-Alt-Del');
        await keysAre('press Control_L, press Alt_L, press Delete, '
            + 'release Delete, release Alt_L, release Control_L');
        await page.click('button:text-is("Tab")');
        await keysAre('press Tab, release Tab');
        await page.click('button:text-is("Esc")');
        await keysAre('press Escape, release Escape');
        await page.click('button:text-is("Ctrl")');
        await keysAre('press Control_L');
        await page.keyboard.press('a'); // the screen has the focus again
        await keysAre('press a, release a');
        await page.click('button:text-is("Ctrl")');
        await keysAre('release Control_L');
        assert.deepEqual(problems, []);
        await context.close();
    });

    test('fit and actual size, remembered over a reload', async () => {
        const tab = await setting.openConnected();
        await tab.waitForPicture(stage);
        assert.ok((await tab.over(0, 0)).scale > 1.2, 'it fills the window');
        await tab.page.click('#menu-button');
        await tab.page.check('text=Actual size');
        assert.equal((await tab.over(0, 0)).scale, 1);
        await tab.page.reload();
        await ours.waitConnected(tab.page);
        await tab.waitForPicture(stage);
        assert.equal((await tab.over(0, 0)).scale, 1);
        // A window smaller than the screen offers to drag.
        await tab.page.setViewportSize({ width: 500, height: 400 });
        await tab.page.click('#menu-button');
        await tab.page.locator('#drag').waitFor();
        await tab.page.check('text=Fit to window');
        await tab.page.locator('#drag').waitFor({ state: 'hidden' });
        assert.ok((await tab.over(0, 0)).scale < 0.7);
        await tab.waitForPicture(stage);
        assert.deepEqual(tab.problems, []);
        await tab.close();
    });

    test('the clipboard panel sends its text', async () => {
        const tab = await setting.open();
        const sent = [];
        tab.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(payload)));
        await tab.connect(setting.base);
        await tab.page.click('#menu-button');
        await tab.page.fill('#clipboard', 'to paste');
        sent.length = 0;
        await tab.page.click('#clipboard-send');
        // ClientCutText, either the text itself or, where the server speaks of
        // the extended clipboard, a notice (a negative length).
        await waitUntil(() => Buffer.concat(sent.map(Buffer.from)).toString('latin1').includes('\x06\0\0\0')
            || JSON.stringify(sent), 'ClientCutText');
        assert.deepEqual(tab.problems, []);
        await tab.close();
    });

    test('a phone types with its own keyboard', async () => {
        const context = await setting.browser.newContext({
            viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2,
        });
        const tab = new Tab();
        Object.assign(tab, { context, flavour: ours, page: await context.newPage(), problems: [] });
        tab.observe();
        await tab.connect(setting.base);
        await tab.waitForPicture(stage);
        await stage.call('terminal_start', { x: 100, y: 300 });
        try {
            const { pageX, pageY } = await tab.over(150, 350);
            await tab.page.touchscreen.tap(pageX, pageY);
            await tab.page.tap('#keyboard');
            await tab.page.keyboard.insertText('Hellx');
            await tab.page.keyboard.press('Backspace');
            await tab.page.keyboard.insertText('o, grüße');
            // A suggestion that takes another one's place.
            for (const face of ['😀', '😁']) {
                await tab.page.evaluate((now) => {
                    const field = document.getElementById('typing');
                    field.value = ' '.repeat(64) + now;
                    field.dispatchEvent(new InputEvent('input', { isComposing: true }));
                }, face);
            }
            await tab.page.locator('#typing').dispatchEvent('compositionend');
            await tab.page.keyboard.press('Enter');
            await waitUntil(async () => {
                const got = await stage.call('terminal_text');
                return got === 'Hello, grüße😁\n' || JSON.stringify(got);
            }, 'the text in the terminal');
        } finally {
            await stage.call('terminal_stop');
        }
        const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.equal(overflow, 0, 'nothing is wider than the phone');
        assert.deepEqual(tab.problems, []);
        await context.close();
    });

    test('a server that ends is missed, and found again', async () => {
        const tab = await setting.openConnected();
        await tab.waitForPicture(stage);
        await stage.call('stop_serving');
        await tab.page.waitForSelector('html[data-state="disconnected"]');
        await shows(tab.page, '#status', /Disconnected|lost/);
        await stage.call('serve', { options: ['-httpdir', setting.directory], port: setting.port });
        await tab.page.click('#connect');
        await ours.waitConnected(tab.page);
        await stage.call('show', { seed: 7 });
        await tab.waitForPicture(stage);
        await tab.close();
    });

    test('everything has a name, and the keyboard alone is enough', async () => {
        const { page, context } = await setting.openConnected();
        await page.locator('#menu-button').focus();
        await page.keyboard.press('Enter');
        await page.locator('#menu').waitFor();
        const nameless = await page.evaluate(() => [...document.querySelectorAll('button, input, textarea')]
            .filter((one) => !(one.textContent.trim() || one.labels?.length || one.getAttribute('aria-label')))
            .map((one) => one.outerHTML));
        assert.deepEqual(nameless, []);
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.name), 'view');
        await context.close();
    });
});

describe('our page, before the login', () => {
    const setting = new Setting();
    before(() => setting.begin(ours, { password: PASSWORD }));
    after(() => setting.end());

    test('a wrong password may be corrected', async () => {
        const tab = await setting.open();
        await tab.page.goto(ours.address(setting.base, 'mistaken'));
        await shows(tab.page, '#login-error', /password|authentication/i);
        assert.equal(tab.page.url(), `${setting.base}/`);
        await ours.answerPrompt(tab.page, PASSWORD);
        await ours.waitConnected(tab.page);
        await tab.page.locator('#login').waitFor({ state: 'hidden' });
        await tab.waitForPicture(setting.stage);
        await tab.close();
    });

    test('a password given in the address of an open page', async () => {
        const tab = await setting.open();
        await tab.page.goto(ours.address(setting.base, 'mistaken'));
        await shows(tab.page, '#login-error', /password|authentication/i);
        await tab.page.evaluate((word) => { location.hash = `password=${encodeURIComponent(word)}`; }, PASSWORD);
        await ours.waitConnected(tab.page);
        assert.equal(tab.page.url(), `${setting.base}/`);
        await tab.close();
    });
});

describe('our page without noVNC', () => {
    const setting = new Setting();
    before(() => setting.begin({ ...ours, prepare: () => SOURCE, remove: () => {} }));
    after(() => setting.end());

    test('says what is missing', async () => {
        const tab = await setting.open();
        await tab.page.goto(setting.base);
        await shows(tab.page, '#status', /noVNC.*missing/);
        await tab.close();
    });
});
