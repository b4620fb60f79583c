// Several desktops of one program, each in a page of its own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';

import { launch, Tab } from './lib/browser.mjs';
import { debian, ours } from './lib/flavours.mjs';
import { Stage } from './lib/stage.mjs';

const names = ['one', 'two'];

for (const flavour of [debian, ours]) {
    describe(`two desktops, ${flavour.name}`, () => {
        const stages = names.map(() => new Stage());
        const folder = mkdtempSync(join(tmpdir(), 'browser-desktops-'));
        let browser;
        let directory;
        let program;
        let base;

        async function line(name, stage, number) {
            const { display, authority } = await stage.call('place');
            return `${name}: -display ${display} -auth ${authority} -passwd secret${number}\n`;
        }

        before(async () => {
            directory = flavour.prepare();
            let text = '';
            for (const [number, stage] of stages.entries()) {
                await stage.call('start', { width: 800 + 100 * number });
                await stage.call('show', { seed: 7 + number });
                text += await line(names[number], stage, number);
            }
            writeFileSync(join(folder, 'desktops'), text);
            program = spawn(process.env.X11WSVNC, ['-desktops', join(folder, 'desktops'),
                '-rfbport', '0', '-listen', 'localhost', '-httpdir', directory],
            { stdio: ['ignore', 'pipe', 'ignore'] });
            for await (const said of createInterface({ input: program.stdout })) {
                const found = /^PORT=(\d+)$/.exec(said);
                if (found) {
                    base = `http://localhost:${found[1]}`;
                    break;
                }
            }
            browser = await launch();
        });
        after(async () => {
            await browser?.close();
            if (program.exitCode === null) {
                program.kill();
                await once(program, 'exit');
            }
            for (const stage of stages) {
                await stage.finish();
            }
            flavour.remove(directory);
            rmSync(folder, { recursive: true });
        });

        test('are listed with addresses that lead there', async () => {
            const tab = await Tab.open(browser, flavour);
            await tab.page.goto(`${base}/d/`);
            assert.deepEqual(await tab.page.locator('a').allTextContents(), names);
            await tab.page.locator('a', { hasText: 'two' }).click();
            await tab.page.waitForURL(/\/d\/two\//);
            assert.deepEqual(tab.problems, []);
            await tab.close();
        });

        test('show their own pictures side by side', async () => {
            const tabs = [];
            for (const [number, name] of names.entries()) {
                const tab = await Tab.open(browser, flavour);
                await tab.connect(`${base}/d/${name}`, `secret${number}`);
                tabs.push(tab);
            }
            for (const seed of [20, 30]) {
                for (const [number, stage] of stages.entries()) {
                    await stage.call('show', { seed: seed + number });
                }
                for (const [number, tab] of tabs.entries()) {
                    await tab.waitForPicture(stages[number]);
                }
            }
            for (const tab of tabs) {
                assert.deepEqual(tab.problems, []);
                await tab.close();
            }
        });
    });
}
