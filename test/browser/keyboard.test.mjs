// Other keyboards than the browser's, Caps Lock on the screen, more buttons.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { waitUntil } from './lib/browser.mjs';
import { debian, lite } from './lib/flavours.mjs';
import { Setting } from './lib/scenarios.mjs';

const TEXT = 'The quick [brown] fox; "zy" <q> a=~1 @home #2 \\|{w}?!\n';

for (const flavour of [debian, lite]) {
    describe(`${flavour.name}, the keyboard`, () => {
        const setting = new Setting();
        before(() => setting.begin(flavour));
        after(() => setting.end());

        // The browser types on an American keyboard.
        async function types(text, meanwhile = async () => {}) {
            const { stage } = setting;
            const tab = await setting.openConnected();
            await stage.call('terminal_start', { x: 100, y: 300 });
            try {
                await tab.click(150, 350);
                await meanwhile();
                await tab.page.keyboard.type(text);
                await waitUntil(async () => {
                    const got = await stage.call('terminal_text');
                    return got === text || JSON.stringify(got);
                }, `${JSON.stringify(text)} in the terminal`);
            } finally {
                await stage.call('terminal_stop');
            }
            assert.deepEqual(tab.problems, []);
            await tab.close();
        }

        for (const name of flavour === debian ? ['de'] : ['de', 'fr', 'jp', 'ru,us']) {
            test(`what was meant arrives on a keyboard of ${name}`, async () => {
                await setting.stage.call('layout', { name });
                await types(TEXT);
                await setting.stage.call('layout', { name: 'us' });
            });
        }

        test('Caps Lock on the screen does not make capitals', async () => {
            await types('abc DEF xyz\n', () => setting.stage.call('lock_capitals'));
            // noVNC that is told of the light presses the key; else it stays.
            assert.equal(await setting.stage.call('capitals'), !flavour.knowsLights);
        });
    });
}

describe('the minimal page, more buttons', () => {
    const setting = new Setting();
    before(() => setting.begin(lite));
    after(() => setting.end());

    test('back and forward', async () => {
        const { stage } = setting;
        const tab = await setting.openConnected();
        await tab.waitForPicture(stage);
        const chromium = await tab.context.newCDPSession(tab.page);
        for (const [button, buttons, number] of [['back', 8, 8], ['forward', 16, 9]]) {
            const { pageX, pageY, x, y } = await tab.over(300, 200);
            await tab.page.mouse.move(pageX, pageY);
            await stage.call('forget');
            for (const type of ['mousePressed', 'mouseReleased']) {
                await chromium.send('Input.dispatchMouseEvent', {
                    type, button, buttons: type === 'mousePressed' ? buttons : 0,
                    x: pageX, y: pageY, clickCount: 1,
                });
            }
            const wanted = JSON.stringify([['press', number, x, y], ['release', number, x, y]]);
            await waitUntil(async () => {
                const got = JSON.stringify(await stage.call('buttons'));
                return got === wanted || got;
            }, wanted);
        }
        assert.deepEqual(tab.problems, []);
        await tab.close();
    });
});
