// page.js - the page of x11wsvnc: connects to where it came from, asks for
// what is missing, says what happens. The protocol itself is noVNC's core
// library, which `assemble` puts into ./novnc.

const RETRY_FIRST_MS = 1000;
const RETRY_LONGEST_MS = 30000;
// A phone's keyboard can only delete what is there to delete.
const TYPING_FILL = ' '.repeat(64);
const KEYSYM_BACKSPACE = 0xff08;
const KEYSYM_RETURN = 0xff0d;

const root = document.documentElement;
const element = (id) => document.getElementById(id);

let RFB = null; // noVNC's class, once loaded
let rfb = null; // the present connection
let credentials = {}; // what the user gave; kept for connecting again
let desktopName = '';
let closeEvent = null; // the WebSocket's, for the reason the server gave
let refusal = null; // why the log-in failed
let wasConnected = false;
let retryDelay = RETRY_FIRST_MS;
let retryTimer = 0;

function showState(state, text) {
    root.dataset.state = state;
    element('status').textContent = text;
    const connected = state === 'connected';
    element('connect').hidden = state !== 'disconnected';
    element('menu-button').disabled = !connected;
    element('keyboard').hidden = !(connected && navigator.maxTouchPoints > 0);
    if (!connected) {
        showMenu(false);
    }
}

// ---- the address bar ------------------------------------------------------

// Relative to the page, so that a proxy may have the whole below a path such as
// /desk/; the server upgrades on any path. noVNC's ?path=websockify?token=NAME
// is what guides for relays print.
function socketAddress() {
    const path = new URLSearchParams(location.search).get('path');
    const address = new URL('websockify', location.href);
    address.search = location.search;
    if (path !== null) {
        const [place, ...query] = path.split('?');
        address.pathname = new URL(`./${place.replace(/^\/+/, '')}`, location.href).pathname;
        address.search = query.join('?');
    }
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    return address.href;
}

function decode(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text; // a lone % in a password typed by hand
    }
}

// Takes `password=` and `username=` out of the fragment, and the fragment out
// of the address bar and the history. Other parts of the fragment stay.
function takeCredentialsFromAddress() {
    const kept = [];
    let found = false;
    for (const part of location.hash.slice(1).split('&')) {
        const at = part.indexOf('=');
        const name = part.slice(0, Math.max(at, 0));
        if (name === 'password' || name === 'username') {
            credentials[name] = decode(part.slice(at + 1));
            found = true;
        } else if (part !== '') {
            kept.push(part);
        }
    }
    if (found) {
        const rest = kept.length > 0 ? '#' + kept.join('&') : '';
        history.replaceState(null, '', location.pathname + location.search + rest);
    }
    return found;
}

// ---- connecting -----------------------------------------------------------

function connect() {
    clearTimeout(retryTimer);
    if (rfb !== null) {
        return;
    }
    closeEvent = null;
    refusal = null;
    wasConnected = false;
    showState('connecting', 'Connecting…');

    // Our own socket, because noVNC does not tell the close code and reason.
    const socket = new WebSocket(socketAddress());
    socket.addEventListener('close', (event) => { closeEvent = event; });

    rfb = new RFB(element('screen'), socket, { shared: true, credentials });
    rfb.background = 'transparent';
    rfb.addEventListener('connect', onConnect);
    rfb.addEventListener('disconnect', onDisconnect);
    rfb.addEventListener('credentialsrequired', onCredentialsRequired);
    rfb.addEventListener('securityfailure', onSecurityFailure);
    rfb.addEventListener('serververification', onServerVerification);
    rfb.addEventListener('desktopname', onDesktopName);
    rfb.addEventListener('clipboard', onClipboard);
    rfb.addEventListener('clippingviewport', showDrag);
    applyView();
    rfb.qualityLevel = Number(element('quality').value);
}

function onConnect() {
    wasConnected = true;
    retryDelay = RETRY_FIRST_MS;
    hideLogin();
    showState('connected', desktopName || 'Connected');
    rfb.focus();
}

function onDesktopName(event) {
    desktopName = event.detail.name;
    document.title = desktopName ? `${desktopName} – x11wsvnc` : 'x11wsvnc';
    if (root.dataset.state === 'connected') {
        element('status').textContent = desktopName || 'Connected';
    }
}

function onDisconnect(event) {
    rfb = null;
    releaseHeld();
    const asking = !element('login').hidden;
    if (refusal !== null) {
        credentials.password = undefined;
        showState('disconnected', refusal);
        showLogin(refusal, false);
        return;
    }
    if (asking && !wasConnected) {
        // The server's patience ended before the user's; the form connects
        // again when it is sent.
        showState('disconnected', 'Enter the password to connect.');
        return;
    }
    const reason = disconnectReason(event.detail.clean);
    if (wasConnected && lostByTheWay()) {
        scheduleRetry(reason);
    } else if (retryDelay > RETRY_FIRST_MS && !wasConnected) {
        scheduleRetry(reason);
    } else {
        showState('disconnected', reason);
    }
}

function disconnectReason(clean) {
    if (closeEvent !== null && closeEvent.reason !== '') {
        return `Disconnected: ${closeEvent.reason}`;
    }
    if (!wasConnected) {
        return 'Cannot connect to the server.';
    }
    return clean && !lostByTheWay() ? 'Disconnected.' : 'The connection was lost.';
}

// No close frame at all, or "restarting": worth another try without asking.
// Whatever the server ended on purpose is not.
function lostByTheWay() {
    return closeEvent === null || closeEvent.code === 1006 || closeEvent.code === 1012;
}

function scheduleRetry(reason) {
    showState('disconnected', `${reason} Trying again in ${Math.round(retryDelay / 1000)} s.`);
    retryTimer = setTimeout(connect, retryDelay);
    retryDelay = Math.min(retryDelay * 2, RETRY_LONGEST_MS);
}

function disconnect() {
    clearTimeout(retryTimer);
    retryDelay = RETRY_FIRST_MS;
    if (rfb !== null) {
        rfb.disconnect();
    }
}

// ---- logging in -----------------------------------------------------------

function onCredentialsRequired(event) {
    const types = event.detail.types;
    showState('asking', 'A password is needed.');
    showLogin('', types.includes('username'));
}

function onSecurityFailure(event) {
    refusal = event.detail.reason || `Log-in failed (status ${event.detail.status}).`;
}

function showLogin(problem, withName) {
    element('login').hidden = false;
    element('connect').hidden = true; // the form has its own
    element('login-error').hidden = problem === '';
    element('login-error').textContent = problem;
    if (withName) {
        element('username-row').hidden = false;
    }
    element('password').value = '';
    element(withName ? 'username' : 'password').focus();
}

function hideLogin() {
    element('login').hidden = true;
    element('password').value = '';
}

function onLoginSubmit(event) {
    event.preventDefault();
    credentials = { password: element('password').value };
    if (!element('username-row').hidden) {
        credentials.username = element('username').value;
    }
    hideLogin();
    if (rfb === null) {
        connect();
        return;
    }
    showState('connecting', 'Logging in…');
    rfb.sendCredentials(credentials);
}

// RSA-AES: the user compares what the server shows with what it logged.
async function onServerVerification(event) {
    const present = rfb;
    const digest = await crypto.subtle.digest('SHA-256', event.detail.publickey);
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
    if (present !== rfb) {
        return;
    }
    if (confirm(`The server's key has the SHA-256 fingerprint\n${hex.join(':')}\nIs it the right one?`)) {
        rfb.approveServer();
    } else {
        rfb.disconnect();
    }
}

// ---- the view -------------------------------------------------------------

function chosenView() {
    return document.querySelector('input[name="view"]:checked').value;
}

function applyView() {
    const fit = chosenView() === 'fit';
    if (rfb !== null) {
        rfb.scaleViewport = fit;
        rfb.clipViewport = !fit;
    }
    showDrag();
}

// Dragging is only of use while a part of the screen is outside the window.
function showDrag() {
    // Older libraries do not tell; then it is always offered.
    const useful = rfb !== null && !rfb.scaleViewport && (rfb.clippingViewport ?? true);
    element('drag-label').hidden = !useful;
    if (!useful) {
        element('drag').checked = false;
    }
    if (rfb !== null) {
        rfb.dragViewport = element('drag').checked;
    }
}

function rememberView() {
    try {
        localStorage.setItem('view', chosenView());
        localStorage.setItem('quality', element('quality').value);
    } catch {
        // Storage may be forbidden; the choice then lasts as long as the page.
    }
}

function recallView() {
    try {
        if (localStorage.getItem('view') === 'real') {
            document.querySelector('input[name="view"][value="real"]').checked = true;
        }
        const quality = localStorage.getItem('quality');
        if (quality !== null && /^[0-9]$/.test(quality)) {
            element('quality').value = quality;
        }
    } catch {
        // As above.
    }
}

function toggleFullScreen() {
    if (document.fullscreenElement) {
        document.exitFullscreen();
    } else {
        root.requestFullscreen().catch(() => {});
    }
}

function showMenu(open) {
    element('menu').hidden = !open;
    element('menu-button').setAttribute('aria-expanded', String(open));
}

// ---- keys -----------------------------------------------------------------

function sendButtonKey(button, down) {
    rfb.sendKey(Number(button.dataset.keysym), button.dataset.code, down);
}

function toggleHold(button) {
    if (rfb === null) {
        return;
    }
    const down = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(down));
    sendButtonKey(button, down);
    rfb.focus();
}

function tapKey(button) {
    if (rfb === null) {
        return;
    }
    sendButtonKey(button);
    rfb.focus();
}

// The connection is gone and the server let go of everything with it.
function releaseHeld() {
    for (const button of document.querySelectorAll('button.hold')) {
        button.setAttribute('aria-pressed', 'false');
    }
}

function keysymOf(character) {
    const code = character.codePointAt(0);
    if (character === '\n') {
        return KEYSYM_RETURN;
    }
    // Latin-1 keysyms are their code points; the rest has the Unicode rule.
    return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) ? code : 0x01000000 + code;
}

let typed = TYPING_FILL;

// Phones report no keys, they edit a text: what changed is typed.
function onTyping(event) {
    const before = Array.from(typed);
    const now = Array.from(event.target.value);
    let same = 0;
    while (same < before.length && before[same] === now[same]) {
        same++;
    }
    for (let i = same; i < before.length && rfb !== null; i++) {
        rfb.sendKey(KEYSYM_BACKSPACE, 'Backspace');
    }
    for (const character of now.slice(same)) {
        if (rfb !== null) {
            rfb.sendKey(keysymOf(character), null);
        }
    }
    typed = event.target.value;
    if (!event.isComposing) {
        resetTyping();
    }
}

function resetTyping() {
    const field = element('typing');
    typed = TYPING_FILL;
    field.value = TYPING_FILL;
    field.setSelectionRange(TYPING_FILL.length, TYPING_FILL.length);
}

// ---- the clipboard --------------------------------------------------------

function onClipboard(event) {
    element('clipboard').value = event.detail.text;
}

function sendClipboard() {
    if (rfb !== null) {
        rfb.clipboardPasteFrom(element('clipboard').value);
    }
}

// ---- the beginning --------------------------------------------------------

function listen() {
    element('connect').addEventListener('click', connect);
    element('disconnect').addEventListener('click', disconnect);
    element('menu-button').addEventListener('click', () => showMenu(element('menu').hidden));
    element('login').addEventListener('submit', onLoginSubmit);
    for (const choice of document.querySelectorAll('input[name="view"]')) {
        choice.addEventListener('change', () => { applyView(); rememberView(); });
    }
    element('drag').addEventListener('change', showDrag);
    element('quality').addEventListener('change', (event) => {
        rememberView();
        if (rfb !== null) {
            rfb.qualityLevel = Number(event.target.value);
        }
    });
    element('ctrl-alt-del').addEventListener('click', () => rfb?.sendCtrlAltDel());
    for (const button of document.querySelectorAll('button.hold')) {
        button.addEventListener('click', () => toggleHold(button));
    }
    for (const button of document.querySelectorAll('button.tap')) {
        button.addEventListener('click', () => tapKey(button));
    }
    element('clipboard-send').addEventListener('click', sendClipboard);
    element('keyboard').addEventListener('click', () => { resetTyping(); element('typing').focus(); });
    element('typing').addEventListener('input', onTyping);
    element('typing').addEventListener('compositionend', resetTyping);
    element('full-screen').hidden = !document.fullscreenEnabled;
    element('full-screen').addEventListener('click', toggleFullScreen);
    document.addEventListener('fullscreenchange', () => {
        element('full-screen').setAttribute('aria-pressed', String(document.fullscreenElement !== null));
    });
    // An address with a new password, opened in this tab, loads no page.
    window.addEventListener('hashchange', () => {
        if (takeCredentialsFromAddress() && rfb === null) {
            hideLogin();
            connect();
        }
    });
}

async function start() {
    takeCredentialsFromAddress();
    recallView();
    listen();
    showState('loading', 'Loading…');
    try {
        RFB = (await import('./novnc/core/rfb.js')).default;
    } catch (error) {
        showState('broken', 'noVNC’s core library is missing beside this page or could not be loaded.');
        throw error;
    }
    connect();
}

start();
