// Plays one moment of a video: from its start, pausing at its end or looping over it.
// Where the browser cannot play the file, it goes on with the converted clip of the moment, and says so.
// All times are seconds of the source, from its first frame. Every text is placed by textContent.

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  root.player ??= new Player(root);
  root.player.onStep = (by) => setTriggerValue("step", by);
  root.player.show(data);
  return () => {
    root.player?.close();
    root.player = null;
  };
}

class Player {
  constructor(root) {
    this.root = root;
    this.looping = false;
    this.wanted = null; // the time to begin at, until the file is open
    this.build();
    this.listen();
    this.frameRequest = requestAnimationFrame(() => this.tick());
  }

  // -- what it shows --------------------------------------------------------------------------------------------

  show(data) {
    if (this.data?.key === data.key) return; // drawn anew by another part of the page: go on playing
    this.data = data;
    this.heading.textContent = data.title;
    this.counter.textContent = data.places > 1 ? `${data.place} of ${data.places}` : "";
    this.previous.disabled = data.place <= 1;
    this.next.disabled = data.place >= data.places;
    this.video.poster = data.poster ?? "";
    this.root.classList.toggle("lost", !data.video);
    this.root.classList.toggle("unseen", !data.video && !data.poster);
    if (data.video) this.playSource();
    else this.showLost();
  }

  showLost() {
    this.unload();
    this.say(this.data.lost, "problem");
  }

  playSource() {
    this.origin = 0;
    this.converted = false;
    this.say("");
    this.setScale(0, this.data.duration ?? this.data.end ?? this.data.at);
    if (this.video.getAttribute("src") !== this.data.video) this.video.src = this.data.video;
    else if (this.video.error) this.video.load();
    this.begin(this.data.at);
  }

  // A file that the browser cannot decode fails with an error, or plays its sound alone with a picture of no width.
  playConverted() {
    if (this.converted || !this.data.clip) {
      this.say("This browser cannot play the file, and no clip of it could be made.", "problem");
      this.tellWhy();
      return;
    }
    this.converted = true;
    const { address, start, end } = this.data.clip;
    this.origin = start;
    this.setScale(start, end);
    this.say("This browser cannot play the file. Converting this moment …", "waiting");
    this.video.src = address;
    this.begin(Math.min(Math.max(this.data.at, start), end - this.frame));
  }

  async tellWhy() {
    if (!this.data.clip) return;
    const key = this.data.key;
    const answer = await fetch(this.data.clip.address).catch(() => null);
    if (answer && !answer.ok && this.data.key === key) this.say(await answer.text(), "problem");
  }

  begin(at) {
    this.pauseAtEnd = true;
    this.wanted = at;
    if (this.video.readyState >= HTMLMediaElement.HAVE_METADATA) this.goToWanted();
    this.paint(at);
  }

  goToWanted() {
    if (this.wanted === null) return;
    this.video.currentTime = this.wanted - this.origin;
    this.wanted = null;
    this.play();
  }

  setScale(from, to) {
    const share = (time) => `${((time - from) / Math.max(to - from, 0.001)) * 100}%`;
    Object.assign(this.scrubber, { min: from, max: to });
    this.scrubber.style.setProperty("--from", share(this.data.start));
    this.scrubber.style.setProperty("--to", share(this.data.end ?? to));
    this.scale = { from, to };
  }

  // -- playing --------------------------------------------------------------------------------------------------

  get time() {
    return this.origin + this.video.currentTime;
  }

  get frame() {
    return this.data.rate ? this.data.rate[1] / this.data.rate[0] : 0.04;
  }

  async play() {
    try {
      await this.video.play();
    } catch (problem) {
      if (problem.name !== "NotAllowedError") return;
      this.video.muted = true; // a page opened by a link may play without sound only
      this.video.play().catch(() => {});
    }
  }

  toggle() {
    if (!this.video.paused) return this.video.pause();
    const end = this.data.end ?? Infinity;
    if (this.time >= end - 1.6 * this.frame && this.time <= end + this.frame) this.seek(this.data.start);
    this.play();
  }

  seek(to) {
    const { from, to: last } = this.scale;
    const target = Math.min(Math.max(to, from), last);
    this.pauseAtEnd = this.data.end !== null && target < this.data.end;
    this.video.currentTime = target - this.origin;
    this.paint(target);
  }

  stepFrames(count) {
    this.video.pause();
    this.seek(this.time + count * this.frame);
  }

  tick() {
    if (this.data?.video && !this.video.paused && !this.video.seeking) {
      this.keepToMoment();
      this.paint(this.time);
    }
    this.frameRequest = requestAnimationFrame(() => this.tick());
  }

  keepToMoment() {
    const { start, end } = this.data;
    if (end === null || !this.pauseAtEnd || this.time < end - this.frame / 2) return;
    if (this.looping) {
      this.video.currentTime = start - this.origin;
    } else {
      this.video.pause();
      this.video.currentTime = end - this.frame / 2 - this.origin; // the moment's last frame, not the next shot's first
    }
  }

  paint(time) {
    const shown = this.scale;
    this.scrubber.value = time;
    this.scrubber.style.setProperty("--at", `${((time - shown.from) / Math.max(shown.to - shown.from, 0.001)) * 100}%`);
    const text = timecode(time, this.data);
    this.clock.textContent = text;
    this.scrubber.setAttribute("aria-valuetext", text);
  }

  paintButtons() {
    this.playButton.set(this.video.paused ? "play_arrow" : "pause", this.video.paused ? "Play (K)" : "Pause (K)");
    this.muteButton.set(this.video.muted ? "volume_off" : "volume_up", this.video.muted ? "Sound on (M)" : "Mute (M)");
    this.loopButton.setAttribute("aria-pressed", String(this.looping));
  }

  say(text, kind = "") {
    this.note.textContent = text;
    this.note.className = `note ${kind}`;
    this.note.hidden = !text;
  }

  // -- the parts ------------------------------------------------------------------------------------------------

  build() {
    this.heading = element("h2", "heading");
    this.video = element("video");
    Object.assign(this.video, { playsInline: true, preload: "auto" });
    this.note = element("p", "note");
    this.note.setAttribute("role", "status");
    this.stage = element("div", "stage");
    this.stage.append(this.video);
    this.scrubber = element("input", "scrubber");
    Object.assign(this.scrubber, { type: "range", step: "any" });
    this.scrubber.setAttribute("aria-label", "Time in the video");
    this.root.replaceChildren(this.heading, this.stage, this.note, this.scrubber, this.buildButtons(), this.buildWalk());
  }

  buildButtons() {
    this.playButton = button("play_arrow", "Play (K)", () => this.toggle(), "play");
    this.loopButton = button("repeat", "Loop over the moment (L)", () => this.toggleLoop());
    this.muteButton = button("volume_up", "Mute (M)", () => this.toggleSound());
    this.clock = element("output", "clock");
    const bar = element("div", "bar controls");
    bar.append(
      this.playButton,
      button("first_page", "Back to the start of the moment (Home)", () => this.seek(this.data.start)),
      button("chevron_left", "One frame back (,)", () => this.stepFrames(-1), "fine"),
      button("chevron_right", "One frame on (.)", () => this.stepFrames(1), "fine"),
      this.clock,
      element("span", "space"),
      this.loopButton,
      this.muteButton,
      button("fullscreen", "Full screen (F)", () => this.toggleFullScreen()),
    );
    return bar;
  }

  buildWalk() {
    this.previous = button("arrow_upward", "Previous result (up arrow)", () => this.onStep(-1), "worded", "Previous");
    this.next = button("arrow_downward", "Next result (down arrow)", () => this.onStep(1), "worded", "Next");
    this.counter = element("span", "counter");
    this.copyButton = button("link", "Copy a link to this time", () => this.copyLink(), "worded", "Copy link");
    const walk = element("div", "bar");
    walk.append(this.previous, this.next, this.counter, element("span", "space"), this.copyButton);
    return walk;
  }

  listen() {
    const video = this.video;
    for (const event of ["play", "pause", "volumechange"]) video.addEventListener(event, () => this.paintButtons());
    video.addEventListener("loadedmetadata", () => this.goToWanted());
    video.addEventListener("click", () => this.toggle());
    video.addEventListener("error", () => video.getAttribute("src") && this.playConverted());
    video.addEventListener("loadeddata", () => {
      if (!video.videoWidth) this.playConverted();
      else if (this.converted) this.say("This browser cannot play the file: playing a converted clip of this moment.");
    });
    video.addEventListener("seeked", () => this.paint(this.time));
    this.scrubber.addEventListener("input", () => this.seek(Number(this.scrubber.value)));
    this.onKey = (event) => this.answerKey(event);
    document.addEventListener("keydown", this.onKey, true);
  }

  answerKey(event) {
    const at = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
    if (event.key === " " && at.tagName === "BUTTON") return;
    const answer = {
      " ": () => this.toggle(),
      k: () => this.toggle(),
      l: () => this.toggleLoop(),
      m: () => this.toggleSound(),
      f: () => this.toggleFullScreen(),
      ",": () => this.stepFrames(-1),
      ".": () => this.stepFrames(1),
      ArrowLeft: () => this.seek(this.time - 1),
      ArrowRight: () => this.seek(this.time + 1),
      ArrowUp: () => this.previous.disabled || this.onStep(-1),
      ArrowDown: () => this.next.disabled || this.onStep(1),
      Home: () => this.seek(this.data.start),
    }[event.key];
    const walking = ["ArrowUp", "ArrowDown"].includes(event.key);
    if (!answer || !(this.data.video || walking)) return;
    event.preventDefault();
    event.stopPropagation();
    answer();
  }

  toggleLoop() {
    this.looping = !this.looping;
    if (this.looping) this.pauseAtEnd = true;
    this.paintButtons();
    if (this.looping && this.video.paused) this.toggle();
  }

  toggleSound() {
    this.video.muted = !this.video.muted;
  }

  toggleFullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.stage.requestFullscreen().catch(() => {});
  }

  async copyLink() {
    const target = new URL(location.href);
    const at = Math.min(Math.max(this.time, 0), this.data.duration ?? this.time);
    target.searchParams.set("v", this.data.link.v);
    target.searchParams.set("t", at.toFixed(3));
    const copied = await navigator.clipboard.writeText(target.href).then(() => true, () => false);
    this.copyButton.set(copied ? "check" : "error", copied ? "Link copied" : "The browser did not allow copying");
    setTimeout(() => this.copyButton.set("link", "Copy a link to this time"), 1600);
  }

  close() {
    cancelAnimationFrame(this.frameRequest);
    document.removeEventListener("keydown", this.onKey, true);
    this.unload();
    this.root.replaceChildren();
  }

  unload() {
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load(); // frees the connection
  }
}

// HH:MM:SS:FF as the source counts (SMPTE ST 12-1, drop-frame after its section on 30000/1001); HH:MM:SS.mmm where
// the frame rate varies.
function timecode(time, { rate, first_frame: firstFrame, drop_frame: dropFrame }) {
  const two = (number) => String(number).padStart(2, "0");
  if (!rate) {
    const total = Math.max(0, Math.round(time * 1000));
    const seconds = Math.floor(total / 1000);
    return `${clockOf(seconds, two)}.${String(total % 1000).padStart(3, "0")}`;
  }
  const base = Math.max(1, Math.round(rate[0] / rate[1]));
  let frames = firstFrame + Math.floor((time * rate[0]) / rate[1] + 0.01); // the frame on show, not the nearest
  if (dropFrame) {
    const dropped = 2 * (rate[0] / 30000);
    const perTenMinutes = base * 600 - dropped * 9;
    const rest = frames % perTenMinutes;
    const minutes = Math.max(0, Math.floor((rest - dropped) / (base * 60 - dropped)));
    frames += dropped * (9 * Math.floor(frames / perTenMinutes) + minutes);
  }
  const text = String(frames % base).padStart(base > 100 ? 3 : 2, "0");
  return `${clockOf(Math.floor(frames / base), two)}${dropFrame ? ";" : ":"}${text}`;
}

function clockOf(seconds, two) {
  return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function button(icon, label, onClick, name = "", words = "") {
  const made = element("button", name);
  made.type = "button";
  const sign = element("span", "icon");
  sign.setAttribute("aria-hidden", "true");
  made.append(sign, words);
  made.set = (newIcon, newLabel) => {
    sign.textContent = newIcon;
    made.title = newLabel;
    made.setAttribute("aria-label", newLabel);
  };
  made.set(icon, label);
  made.addEventListener("click", onClick);
  return made;
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
