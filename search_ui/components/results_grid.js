// Cards of moments. Every text is data: it goes into the page by textContent, never as markup.

const HOVER_DELAY_MS = 280;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const cards = JSON.stringify(data.cards);
  if (root.dataset.cards !== cards) draw(root, data.cards, (id) => setTriggerValue("open", id));
  root.dataset.cards = cards;
  if (data.returned) setTimeout(() => focus(root, data.returned), 0); // after the drawer has let the focus go
  return () => root.replaceChildren();
}

function draw(root, cards, open) {
  const focused = root.getRootNode().activeElement?.closest?.("a.card")?.dataset.id;
  const list = element("ul", "grid");
  list.append(...cards.map((card, place) => item(card, place, open)));
  list.addEventListener("keydown", walk);
  root.replaceChildren(list);
  if (focused) focus(root, focused);
}

function focus(root, id) {
  root.querySelector(`a.card[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

function item(card, place, open) {
  const link = element("a", "card");
  link.href = address(card.link);
  link.dataset.id = card.id;
  link.setAttribute("aria-label", [card.name, card.reasons].filter(Boolean).join(" "));
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return; // a new tab, as for any link
    event.preventDefault();
    open(card.id);
  });
  link.append(picture(card, place), words(card));
  const cell = element("li", "cell");
  cell.append(link, copyButton(card));
  return cell;
}

function picture(card, place) {
  const frame = element("div", "frame");
  if (card.picture) {
    const still = new Image(320, 180);
    still.alt = "";
    still.decoding = "async";
    if (place >= 10) still.loading = "lazy";
    still.addEventListener("error", () => still.replaceWith(element("span", "missing", "no picture")));
    still.addEventListener("load", () => still.naturalWidth < 1.5 * still.naturalHeight && fillSides(frame, still));
    if (card.blur) still.style.background = `center / contain no-repeat url("${card.blur}")`; // until it is there
    still.src = card.picture;
    frame.append(still);
  } else {
    frame.append(element("span", "missing", "no picture"));
  }
  frame.append(element("span", "pill timecode", card.timecode), element("span", "pill length", card.length));
  if (card.video) playUnderMouse(frame, card);
  return frame;
}

// A narrow picture stands before a soft copy of itself instead of black bars.
function fillSides(frame, still) {
  const copy = still.cloneNode();
  copy.className = "sides";
  frame.prepend(copy);
}

function words(card) {
  const body = element("div", "body");
  const caption = pieces("p", "caption", card.caption);
  if (!caption.textContent) caption.append(element("em", "", "no caption yet"));
  body.append(caption, pieces("p", "title", card.title));
  if (card.reasons) body.append(element("p", "reasons", card.reasons));
  return body;
}

function copyButton(card) {
  const button = element("button", "copy");
  button.type = "button";
  button.title = "Copy link";
  button.setAttribute("aria-label", `Copy link to ${card.title.map(([text]) => text).join("")}, ${card.timecode}`);
  const icon = element("span", "icon", "link");
  icon.setAttribute("aria-hidden", "true");
  button.append(icon);
  button.addEventListener("click", async () => {
    const copied = await copy(address(card.link));
    icon.textContent = copied ? "check" : "error";
    button.title = copied ? "Link copied" : "The browser did not allow copying";
    setTimeout(() => Object.assign(icon, { textContent: "link" }), 1600);
  });
  return button;
}

// The moment itself, without sound, while the mouse rests on its picture. What cannot be played leaves the still.
function playUnderMouse(frame, card) {
  let waiting = 0;
  let video = null;
  const stop = () => {
    clearTimeout(waiting);
    if (!video) return;
    video.removeAttribute("src");
    video.load(); // frees the connection
    video.remove();
    video = null;
  };
  const start = () => {
    video = document.createElement("video");
    Object.assign(video, { muted: true, playsInline: true, disablePictureInPicture: true });
    video.setAttribute("aria-hidden", "true");
    video.tabIndex = -1;
    video.src = `${card.video}#t=${card.start}`;
    video.addEventListener("loadeddata", () => video?.videoWidth && frame.querySelector("img:not(.sides)")?.after(video));
    video.addEventListener("timeupdate", () => {
      if (video && card.end !== null && video.currentTime >= card.end - 0.05) video.currentTime = card.start;
    });
    video.addEventListener("error", stop);
    video.play().catch(() => {});
  };
  frame.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "mouse" || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    waiting = setTimeout(start, HOVER_DELAY_MS);
  });
  frame.addEventListener("pointerleave", stop);
  frame.addEventListener("click", stop);
}

function walk(event) {
  const cards = [...event.currentTarget.querySelectorAll("a.card")];
  const here = cards.indexOf(event.target);
  if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const columns = getComputedStyle(event.currentTarget).gridTemplateColumns.split(" ").length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
  const target = { Home: cards[0], End: cards.at(-1) }[event.key] ?? (step && cards[here + step]);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

function address(parameters) {
  const target = new URL(location.href);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target.href;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function pieces(tag, name, parts) {
  const made = element(tag, name);
  for (const [text, marked] of parts) made.append(marked ? element("mark", "", text) : text);
  return made;
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
