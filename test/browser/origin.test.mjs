// A page from elsewhere in the same browser must not reach the screen, by
// whatever name it came.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { GUARD_MS, launch } from './lib/browser.mjs';
import { Stage } from './lib/stage.mjs';

const NAME = 'elsewhere.example';

// What a WebSocket from this page sees first: an opening or a refusal.
function tryToConnect(page, host) {
    return page.evaluate(([address, guard]) => new Promise((resolve) => {
        const socket = new WebSocket(address);
        socket.onopen = () => resolve('open');
        socket.onclose = (event) => resolve(`closed ${event.code}`);
        setTimeout(resolve, guard, 'nothing');
    }), [`ws://${host}/websockify`, GUARD_MS]);
}

describe('a page from elsewhere', () => {
    const stage = new Stage();
    let browser;
    let elsewhere;
    let page;
    let origin;

    before(async () => {
        await stage.call('start');
        // As if the name's owner had let it point to this machine.
        browser = await launch([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
        elsewhere = createServer((request, response) => {
            response.setHeader('Content-Type', 'text/html');
            response.end('<!DOCTYPE html><title>elsewhere</title>');
        });
        await new Promise((resolve) => { elsewhere.listen(0, '127.0.0.1', resolve); });
        origin = `http://${NAME}:${elsewhere.address().port}`;
        page = await browser.newPage();
    });
    after(async () => {
        await browser?.close();
        elsewhere?.close();
        elsewhere?.closeAllConnections();
        await stage.finish();
    });

    test('is refused, and so is one without an origin', async () => {
        const port = await stage.call('serve', { options: [] });
        await page.goto(origin);
        assert.equal(await tryToConnect(page, `localhost:${port}`), 'closed 1006');
        await page.goto('data:text/html,<title>nowhere</title>');
        assert.equal(await tryToConnect(page, `localhost:${port}`), 'closed 1006');
        await stage.call('stop_serving');
    });

    test('is refused when its own name was made to point to us (DNS rebinding)', async () => {
        const port = await stage.call('serve', { options: [] });
        await page.goto(origin);
        assert.equal(await tryToConnect(page, `${NAME}:${port}`), 'closed 1006');
        await stage.call('stop_serving');
    });

    test('connects where -origin names it', async () => {
        const port = await stage.call('serve', { options: ['-origin', origin] });
        await page.goto(origin);
        assert.equal(await tryToConnect(page, `localhost:${port}`), 'open');
        assert.equal(await tryToConnect(page, `${NAME}:${port}`), 'open');
        await stage.call('stop_serving');
    });

    test('is refused where -origin names another', async () => {
        const port = await stage.call('serve', { options: ['-origin', 'http://other.example'] });
        await page.goto(origin);
        assert.equal(await tryToConnect(page, `localhost:${port}`), 'closed 1006');
        await stage.call('stop_serving');
    });
});
