// Cards of moments. Every text is data: it goes into the page by textContent, never as markup.

const HOVER_DELAY_MS = 280;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const cards = JSON.stringify(data.cards);
  if (root.dataset.cards !== cards) draw(root, data.cards, setTriggerValue);
  root.dataset.cards = cards;
  if (data.told !== root.status.textContent) root.status.textContent = data.told;
  if (data.returned) setTimeout(() => focus(root, data.returned), 0); // after the drawer has let the focus go
  return () => {
    root.replaceChildren();
    delete root.dataset.cards;
  };
}

// `choose` takes what is chosen ("open", "like", "inside") and of what, by id.
function draw(root, cards, choose) {
  const focused = root.getRootNode().activeElement?.closest?.("a.card")?.dataset.id;
  const list = element("ul", "grid");
  list.append(...cards.map((card, place) => item(card, place, choose)));
  list.addEventListener("keydown", walk);
  if (root.contains(root.status)) root.lastChild.replaceWith(list); // what is read aloud stays, or it would not be
  else root.replaceChildren(readAloud(root), list);
  if (focused) focus(root, focused);
}

// How much was found, for those who do not see it change while they type.
function readAloud(root) {
  root.status ??= element("p", "aloud");
  root.status.setAttribute("role", "status");
  return root.status;
}

function focus(root, id) {
  root.querySelector(`a.card[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true });
}

function item(card, place, choose) {
  const link = anchor("card", card.link, () => choose("open", card.id));
  link.dataset.id = card.id;
  const reasons = card.steps.length ? card.steps.map((step) => step.reasons) : [card.reasons];
  link.setAttribute("aria-label", [card.name, ...reasons].filter(Boolean).join("; "));
  link.append(picture(card, place), words(card));
  const cell = element("li", "cell");
  const buttons = element("div", "buttons");
  buttons.append(likeLink(card, choose), copyButton(card));
  cell.append(link, buttons, ...beside(card, choose));
  return cell;
}

// What belongs to the moment and is not shown in it: more of its video, and the same shot elsewhere.
function beside(card, choose) {
  if (!card.more && !card.repeats.length) return [];
  const row = element("div", "beside");
  if (card.more) {
    const more = element("button", "quiet", `${card.more} more in this video`);
    more.type = "button";
    more.addEventListener("click", () => leaveFor(() => choose("inside", card.id)));
    row.append(more);
  }
  if (card.repeats.length) {
    const folded = element("details");
    const count = card.repeats.length;
    folded.append(element("summary", "quiet", count === 1 ? "also 1 repeat" : `also ${count} repeats`));
    const list = element("ul", "repeats");
    list.append(...card.repeats.map((one) => repeat(one, choose)));
    folded.append(list);
    row.append(folded);
  }
  return [row];
}

// Other results are read from their beginning.
function leaveFor(answer) {
  document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
  answer();
}

function repeat(one, choose) {
  const link = anchor("repeat", one.link, () => choose("open", one.id));
  const told = element("span", "told");
  told.append(element("span", "name", one.title), element("span", "time", one.span));
  link.append(smallStill(one.picture), told);
  const place = element("li");
  place.append(link);
  return place;
}

// A link that the page answers itself, and a browser opens in a new tab where that is asked.
function anchor(name, parameters, answer) {
  const link = element("a", name);
  link.href = address(parameters);
  link.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    answer();
  });
  return link;
}

function picture(card, place) {
  const frame = element("div", "frame");
  if (card.steps.some((step) => step.picture.address)) {
    frame.append(strip(card.steps));
  } else if (card.picture.address) {
    const still = new Image(320, 180);
    still.alt = "";
    still.decoding = "async";
    if (place >= 10) still.loading = "lazy";
    still.addEventListener("error", () => still.replaceWith(unseen(frame, "no picture")));
    still.addEventListener("load", () => still.naturalWidth < 1.5 * still.naturalHeight && fillSides(frame, still));
    const { blur } = card.picture;
    if (blur) still.style.background = `center / contain no-repeat url("${blur}")`; // until it is there
    still.src = card.picture.address;
    frame.append(still);
  } else {
    frame.append(unseen(frame, card.unseen));
  }
  const pills = element("div", "pills");
  pills.append(element("span", "pill", card.span), element("span", "pill", card.length));
  frame.append(pills);
  if (card.video) playUnderMouse(frame, card);
  return frame;
}

function unseen(frame, why) {
  frame.classList.add("unseen");
  return element("span", "missing", why);
}

// The pictures of what follows one another, side by side and in order.
function strip(steps) {
  const row = element("div", "strip");
  row.append(...steps.map((step) => smallStill(step.picture)));
  return row;
}

function smallStill(picture) {
  const frame = element("span", "small");
  if (!picture.address) return frame;
  const still = new Image(160, 90);
  Object.assign(still, { alt: "", decoding: "async", loading: "lazy", src: picture.address });
  still.addEventListener("error", () => still.remove());
  if (picture.blur) frame.style.background = `center / cover no-repeat url("${picture.blur}")`;
  frame.append(still);
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
  body.append(...(card.steps.length ? [stepList(card.steps)] : [caption(card)]), ...card.quotes.map(quote));
  const title = element("p", "title");
  const name = pieces("span", "name", card.title);
  name.title = name.textContent; // of which a long one is cut
  title.append(name);
  if (card.identifier.length) title.append(pieces("span", "identifier", card.identifier));
  if (card.shots) title.append(element("span", "shots", card.shots));
  body.append(title);
  if (card.reasons) body.append(element("p", "reasons", card.reasons));
  return body;
}

function caption(card) {
  const told = pieces("p", "caption", card.caption);
  if (!told.textContent && !card.quotes.length) told.append(element("em", "", "no caption yet"));
  return told;
}

function stepList(steps) {
  const list = element("ol", "steps");
  for (const step of steps) {
    const place = element("li");
    place.append(element("span", "time", step.span), stepText(step), ...step.quotes.map(quote));
    if (step.reasons) place.append(element("p", "reasons", step.reasons));
    list.append(place);
  }
  return list;
}

function stepText(step) {
  const told = pieces("p", "told", step.caption);
  if (!told.textContent && !step.quotes.length) told.append(element("em", "", "no caption yet"));
  return told;
}

function quote({ field, text }) {
  const line = element("p", "quote");
  line.append(element("span", "field", `${field}: `), pieces("q", "", text));
  return line;
}

function likeLink(card, choose) {
  const link = anchor("tool", card.like, () => leaveFor(() => choose("like", card.id)));
  link.title = "More like this";
  link.setAttribute("aria-label", `More like ${called(card)}`);
  link.append(sign("image_search"));
  return link;
}

function copyButton(card) {
  const button = element("button", "tool");
  button.type = "button";
  button.title = "Copy link";
  button.setAttribute("aria-label", `Copy link to ${called(card)}`);
  const icon = sign("link");
  button.append(icon);
  button.addEventListener("click", async () => {
    const copied = await copy(address(card.link));
    icon.textContent = copied ? "check" : "error";
    button.title = copied ? "Link copied" : "The browser did not allow copying";
    setTimeout(() => Object.assign(icon, { textContent: "link" }), 1600);
  });
  return button;
}

function called(card) {
  return `${card.title.map(([text]) => text).join("")}, ${card.span}`;
}

function sign(name) {
  const icon = element("span", "icon", name);
  icon.setAttribute("aria-hidden", "true");
  return icon;
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
    video.addEventListener("loadeddata", () => video?.videoWidth && frame.querySelector(".pills").before(video));
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
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) target.searchParams.delete(name);
    else target.searchParams.set(name, value);
  }
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
