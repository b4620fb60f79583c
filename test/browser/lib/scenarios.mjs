// scenarios.mjs - what every flavour of page must be able to do.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { launch, Tab, waitUntil } from './browser.mjs';
import { Stage } from './stage.mjs';

const PASSWORD = 'pa ss+1%';

export class Setting {
    async begin(flavour, { kind = 'Xvfb', password, tls = false, more = [] } = {}) {
        this.flavour = flavour;
        this.directory = flavour.prepare();
        this.stage = new Stage();
        await this.stage.call('start', { kind });
        this.browser = await launch();
        const options = ['-httpdir', this.directory, ...more];
        if (tls) {
            options.push('-cert', await this.stage.call('certificate'));
        }
        this.port = await this.stage.call('serve', { options, password });
        this.base = `${tls ? 'https' : 'http'}://localhost:${this.port}`;
    }

    open(context) {
        return Tab.open(this.browser, this.flavour, context);
    }

    async openConnected(password) {
        const tab = await this.open();
        await tab.connect(this.base, password);
        return tab;
    }

    async end() {
        await this.browser?.close();
        await this.stage.finish();
        this.flavour.remove(this.directory);
    }
}

// One server, one tab after another.
export function describeFlavour(flavour) {
    describe(flavour.name, () => {
        const setting = new Setting();
        let stage;
        before(async () => {
            await setting.begin(flavour);
            stage = setting.stage;
        });
        after(() => setting.end());

        async function withTab(act) {
            const tab = await setting.openConnected();
            try {
                await act(tab);
                assert.deepEqual(tab.problems, []);
            } finally {
                await tab.close();
            }
        }

        test('the canvas shows the X screen, first and after a change', () => withTab(async (tab) => {
            await tab.waitForPicture(stage);
            await stage.call('show', { seed: 1 });
            await tab.waitForPicture(stage);
            // The text and the fine pattern, as a terminal scrolls.
            for (const up of [14, 3, 14]) {
                await stage.call('scroll', { area: [0, 95, 240, 245], up });
                await tab.waitForPicture(stage);
            }
            await stage.call('show', { seed: 0 });
            await tab.waitForPicture(stage);
        }));

        test('a cursor has its colour', () => withTab(async (tab) => {
            for (const colour of [[255, 0, 0], [0, 0, 255], [0, 255, 0]]) {
                await stage.call('cursor', { colour, pointer: [200, 90] });
                const wanted = [...colour, 255].join();
                await waitUntil(async () => {
                    const got = await tab.cursorColour();
                    return got === wanted || got;
                }, `a cursor of ${wanted}`);
            }
        }));

        test('clicks and the wheel arrive where they were made', () => withTab(async (tab) => {
            await tab.waitForPicture(stage);
            await checkButtons(tab, stage);
        }));

        test('typed text arrives', () => withTab(async (tab) => {
            await stage.call('terminal_start', { x: 100, y: 300 });
            try {
                await tab.click(150, 350);
                const text = 'Hello, x11wsvnc! {[#]} "Quoted" 0123456789 ~^|\\\n';
                await tab.page.keyboard.type(text);
                await waitUntil(async () => {
                    const got = await stage.call('terminal_text');
                    return got === text || JSON.stringify(got);
                }, `${JSON.stringify(text)} in the terminal`);
            } finally {
                await stage.call('terminal_stop');
            }
        }));

        test('a reload connects again, twenty times without one failure', () => withTab(async (tab) => {
            for (let round = 0; round < 20; round++) {
                await tab.page.reload();
                await flavour.waitConnected(tab.page);
                assert.deepEqual(tab.problems, [], `round ${round}`);
            }
            await tab.waitForPicture(stage);
        }));
    });
}

async function checkButtons(tab, stage) {
    for (const [x, y] of [[100, 120], [399, 299], [790, 590], [100, 5]]) {
        for (const [button, number] of [['left', 1], ['right', 3], ['middle', 2]]) {
            await stage.call('forget');
            const point = await tab.click(x, y, { button });
            await expectButtons(stage, [
                ['press', number, point.x, point.y], ['release', number, point.x, point.y],
            ]);
            if (point.scale === 1) {
                assert.deepEqual([point.x, point.y], [x, y]);
            }
        }
    }
    // noVNC makes one notch of every 50 pixels.
    for (const [amount, number] of [[100, 5], [-100, 4]]) {
        await stage.call('forget');
        const point = await tab.over(200, 210);
        await tab.page.mouse.move(point.pageX, point.pageY);
        await tab.page.mouse.wheel(0, amount);
        await expectButtons(stage, [
            ['press', number, point.x, point.y], ['release', number, point.x, point.y],
        ]);
    }
}

async function expectButtons(stage, wanted) {
    await waitUntil(async () => {
        const got = JSON.stringify(await stage.call('buttons'));
        return got === JSON.stringify(wanted) || got;
    }, `buttons ${JSON.stringify(wanted)}`);
}

// A server with a password.
export function describePassword(flavour) {
    describe(`${flavour.name}, with a password`, () => {
        const setting = new Setting();
        before(() => setting.begin(flavour, { password: PASSWORD }));
        after(() => setting.end());

        test('a password in the address', async () => {
            const tab = await setting.openConnected(PASSWORD);
            await tab.waitForPicture(setting.stage);
            if (flavour.hidesPassword) {
                assert.equal(tab.page.url(), `${setting.base}/`);
            }
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });

        test('a password asked for', async () => {
            const tab = await setting.open();
            tab.page.on('dialog', (dialog) => dialog.accept(PASSWORD));
            await tab.page.goto(flavour.address(setting.base));
            await flavour.answerPrompt?.(tab.page, PASSWORD);
            await flavour.waitConnected(tab.page);
            await tab.waitForPicture(setting.stage);
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });

        test('a wrong password is refused with a reason', async () => {
            const tab = await setting.open();
            await tab.page.goto(flavour.address(setting.base, 'wrong'));
            await waitUntil(async () => {
                const reason = await flavour.reason(tab.page);
                return /password|authentication/i.test(reason) && !/needed|required/i.test(reason) || reason;
            }, 'a reason');
            await tab.close();
        });
    });
}
