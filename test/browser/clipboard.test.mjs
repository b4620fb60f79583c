// Text copied on the screen reaches the browser's panel, and back.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { waitUntil } from './lib/browser.mjs';
import { debian, ours } from './lib/flavours.mjs';
import { Setting } from './lib/scenarios.mjs';

const TEXTS = ['plain', 'Grüße à tous', 'two\nlines\n', 'Привет, мир', '日本語の文字',
    'emoji 😀👍🏽', '“5 € – 10 €”', 'long 日本 '.repeat(12000)];

// Where the panel is, and how its text is sent.
const panels = new Map([
    [debian, {
        field: '#noVNC_clipboard_text',
        send: (page) => page.locator('#noVNC_clipboard_text').dispatchEvent('change'),
        fill: (page, text) => page.locator('#noVNC_clipboard_text').evaluate(
            (field, value) => { field.value = value; }, text),
        open: () => {},
    }],
    [ours, {
        field: '#clipboard',
        send: (page) => page.click('#clipboard-send'),
        fill: (page, text) => page.fill('#clipboard', text),
        open: (page) => page.click('#menu-button'),
    }],
]);

for (const [flavour, panel] of panels) {
    describe(`${flavour.name}, the clipboard`, () => {
        const setting = new Setting();
        let tab;
        before(async () => {
            await setting.begin(flavour);
            tab = await setting.openConnected();
            await panel.open(tab.page);
        });
        after(() => setting.end());

        test('from the screen to the browser', async () => {
            for (const text of TEXTS) {
                await setting.stage.call('copy', { text });
                await waitUntil(async () => {
                    const got = await tab.page.locator(panel.field).inputValue();
                    return got === text || JSON.stringify(got.slice(0, 80));
                }, JSON.stringify(text.slice(0, 80)));
            }
            assert.deepEqual(tab.problems, []);
        });

        test('from the browser to the screen', async () => {
            for (const text of TEXTS) {
                await panel.fill(tab.page, text);
                await panel.send(tab.page);
                await waitUntil(async () => {
                    const got = await setting.stage.call('paste');
                    return got === text || JSON.stringify(got.slice(0, 80));
                }, JSON.stringify(text.slice(0, 80)));
            }
            assert.deepEqual(tab.problems, []);
        });
    });
}
