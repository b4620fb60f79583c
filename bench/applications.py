"""Real programs to watch: what bench/run's cases `xterm`, `mpv` and `chromium`
show. Everything they need is made here, the same every time, in a directory of
the caller's."""
import os
import random
import shutil
import signal
import subprocess
import time

LINES = 4000
START_S = 4 # a browser's, on a machine with other work

PAGE = """<!doctype html><meta charset="utf-8"><title>page</title>
<style>
body { margin: 0 auto; width: 1200px; font: 17px/1.5 sans-serif }
figure { height: 360px; margin: 24px 0; border-radius: 12px }
</style><script>
const words = %s.split(" ");
let seed = 1;
const chance = n => (seed = seed * 48271 %% 2147483647) %% n;
function paragraph() {
	const p = document.createElement("p");
	p.textContent = Array.from({ length: 60 + chance(120) },
		() => words[chance(words.length)]).join(" ");
	return p;
}
function picture() {
	const f = document.createElement("figure");
	const light = () => `radial-gradient(circle at ${chance(100)}%% ` +
		`${chance(100)}%%, hsl(${chance(360)} 70%% 60%% / .8), transparent)`;
	f.style.background = Array.from({ length: 6 }, light).join(",");
	return f;
}
addEventListener("load", () => {
	for (let i = 0; i < 60; i++)
		document.body.append(i %% 4 == 3 ? picture() : paragraph());
	let step = 60;
	setInterval(() => {
		const end = document.documentElement.scrollHeight - innerHeight;
		if (scrollY + step > end || scrollY + step < 0)
			step = -step;
		scrollBy(0, step);
	}, 33);
});
</script><body>
"""


def words():
    chance = random.Random(1)
    return [("".join(chance.choice("etaoinshrdlu") for _ in range(
        2 + chance.randrange(9)))) for _ in range(300)]


def write_text(path):
    """Lines as a compiler or a log writes them."""
    chance = random.Random(2)
    known = words()
    with open(path, "w") as out:
        for number in range(LINES):
            text = " ".join(chance.choice(known) for _ in range(
                3 + chance.randrange(18)))
            colour = 31 + chance.randrange(6) if chance.random() < .2 else 0
            out.write(f"\033[{colour}m{number:5} {text}\033[0m\n")


def write_page(path):
    with open(path, "w") as out:
        out.write(PAGE % repr(" ".join(words())))


def write_clip(path):
    """720p, 30 fps, with the grain that cameras have."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
         "mandelbrot=size=1280x720:rate=30", "-t", "6", "-vf",
         "noise=alls=5:allf=t", "-pix_fmt", "yuv420p", "-c:v", "libx264",
         "-preset", "ultrafast", "-crf", "16", path],
        check=True, stdin=subprocess.DEVNULL)


# Name: (programs it needs, the file it shows, who makes that, the command).
APPLICATIONS = {
    "xterm": (["xterm"], "text", write_text, [
        "xterm", "-geometry", "200x70+20+10", "-e", "sh", "-c",
        "while :; do cat {file}; done"]),
    "mpv": (["mpv", "ffmpeg"], "clip.mkv", write_clip, [
        "mpv", "--no-config", "--really-quiet", "--no-audio", "--vo=x11",
        "--loop", "--no-border", "--geometry=1280x720+60+40", "--osc=no",
        "{file}"]),
    "chromium": (["chromium"], "page.html", write_page, [
        "chromium", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--window-position=0,0", "--window-size=1600,1000",
        "--user-data-dir={directory}/profile", "--app=file://{file}"]),
}


def missing(name):
    """The programs that are not installed."""
    return [program for program in APPLICATIONS[name][0]
            if shutil.which(program) is None]


class Application:
    """One that runs, in a process group of its own."""

    def __init__(self, name, directory, environment):
        _, file, write, command = APPLICATIONS[name]
        path = os.path.join(directory, file)
        if not os.path.exists(path):
            write(path)
        self.process = subprocess.Popen(
            [part.format(file=path, directory=directory) for part in command],
            env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        self.pid = self.process.pid
        time.sleep(START_S)

    def kill(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def wait(self):
        self.process.wait()
