// Shared by the whole page: the language, small ways to build it, and the panel of a reading.
// `element`, `props`, `server` and `upload` are Gradio's; see gradio.HTML.
const french = navigator.language.toLowerCase().startsWith('fr');
const NUMBER = /\d[\d.,]*\d|\d/g;            // in the table of sentences each is a #
function say(sentence) {
  if (!french) return sentence;
  const numbers = sentence.match(NUMBER), known = props.french[sentence.replace(NUMBER, '#')];
  const number = () => numbers.shift().replaceAll(',', '\u202f').replace('.', ',');
  return known?.replace(/#/g, number).replace(/ (?=[:;?!])/g, '\u00a0') ?? sentence;   // no line begins with them
}
const find = (selector, root = element) => root.querySelector(selector);
const all = (selector, root = element) => [...root.querySelectorAll(selector)];

document.documentElement.lang = french ? 'fr' : 'en';
document.title = say(document.title);
for (const each of all('*')) {                   // every text and label of the page, in its place
  for (const node of each.childNodes)
    if (node.nodeType === Node.TEXT_NODE && node.data.trim()) node.data = say(node.data.trim());
  for (const name of ['aria-label', 'alt', 'placeholder'])
    if (each.hasAttribute(name)) each.setAttribute(name, say(each.getAttribute(name)));
}

function make(tag, attributes = {}, ...children) {  // text goes in as text: nothing to escape
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Whoever pressed a button that can no longer be pressed goes on at its neighbour.
function disable(button, off, neighbour) {
  const pressed = button === document.activeElement;
  button.disabled = off;
  if (off && pressed) neighbour.focus();
}

const percent = share => share < 0.005 ? '< 1 %' : `${Math.min(99, Math.round(100 * share))} %`;  // never certain
const REMARKS = {
  'no-ink': 'No writing was found: write or send one name, dark on light paper.',
  'several-lines': 'More than one line? Only one name is read at a time.',
  'not-handwriting': 'This does not look like handwriting.',
};
const TURN = 'This does not look like handwriting; turn it if it lies on its side.';
const CHECK = 'please check';

// What a screen reader says: a sentence, not the whole panel with its buttons at every stroke.
function speak(panel, sentence) {
  if (!panel.closest('[role=tabpanel]')?.hidden) find('.spoken').textContent = sentence;
}

function notice(panel, sentence) {
  panel.className = 'panel notice';
  replace(panel, make('p', {}, say(sentence)));
  speak(panel, say(sentence));
}

// A correction that is being filled in stays as it is, cursor and all, whatever else is shown.
const filling = panel => find('.correction[open]:has(input)', panel);
function replace(panel, ...children) {
  const form = filling(panel);
  for (const each of [...panel.children]) if (each !== form) each.remove();
  panel.prepend(...children);
}

function showReading(panel, answer, writing) {
  if (answer.error) return notice(panel, answer.error);
  if (!answer.text) return notice(panel, answer.view && answer.remarks.includes('not-handwriting') ? TURN : REMARKS[answer.remarks[0]] ?? REMARKS['no-ink']);
  panel.className = `panel ${answer.accepted ? 'sure' : 'unsure'}`;
  const name = make('p', { class: 'name', translate: 'no' });
  write(name, answer.text);
  const sure = make('p', { class: 'verdict' }, make('b', {}, percent(answer.confidence)), `: ${say(answer.accepted ? 'sure' : CHECK)}`);
  const bar = make('span', { class: 'bar', 'aria-hidden': 'true' }, make('i', { style: `width:${100 * answer.confidence}%` }));
  const sentences = answer.remarks.map(code => REMARKS[code] ?? code), pages = answer.view?.pages;
  if (pages > 1) sentences.push(`Page 1 of ${pages} is read; Many at once reads all.`);
  const remarks = sentences.map(sentence => make('p', { class: 'remark' }, say(sentence)));
  speak(panel, [name, sure, ...remarks].map(each => each.textContent).join(', '));
  const others = answer.alternatives.filter(other => !answer.accepted || other.confidence >= 0.001).slice(0, 5);
  const more = others.length ? alternatives(panel, name, answer, others) : [];
  replace(panel, name, sure, bar, ...remarks, ...more);
  const form = filling(panel) ?? (props.keeps ? correction() : null);
  if (form) { form.writing = writing; if (!form.isConnected) panel.append(form); }
}

function write(name, text) {                     // as large as its longest word allows
  name.textContent = text;
  name.style.setProperty('--longest', Math.max(...text.split(/[ -]/).map(word => word.length)));
}

const UNTICKED = 'Nothing was kept: tick the box if your writing may be kept.';
// "Not right?": the right name, and a consent without which nothing is sent. Its `writing` says what was read.
function correction() {
  const name = make('input', { 'aria-label': say('The right name'), placeholder: say('The right name'), autocomplete: 'off', maxlength: 100 });
  const consent = make('input', { type: 'checkbox' });
  const agree = make('label', { class: 'check' }, consent, say('Keep my writing and this name for a time, to improve the reader. Nothing else is kept.'));
  const said = make('p', { class: 'remark', role: 'status' });
  let sending = false;
  const send = make('button', {}, say('Send')), form = make('form', {}, name, agree, send, said);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (!name.value.trim()) return name.focus();
    if (!consent.checked) { said.textContent = say(UNTICKED); return; }
    if (sending) return;                           // a double click sends once
    sending = true;
    const answer = await call('correct', { ...made.writing, text: name.value, consent: consent.checked });
    sending = false;
    if (answer.error) { said.textContent = say(answer.error); return; }
    const here = form.contains(document.activeElement);
    form.replaceChildren(make('p', {}, say('Thank you: it is kept.')));
    if (here) find('summary', made).focus();
    speak(form, form.textContent);
  });
  const made = make('details', { class: 'correction' }, make('summary', {}, say('Not right?')), form);
  return made;
}

function alternatives(panel, name, answer, others) {  // a button each; the reading becomes one in turn
  const choices = [answer, ...others];
  const list = make('ul', { class: 'alternatives' });
  const choose = chosen => {
    write(name, chosen);
    list.replaceChildren(...choices.filter(other => other.text !== chosen).map(other => {
      const button = make('button', { type: 'button' }, make('span', { translate: 'no' }, other.text), make('b', {}, percent(other.confidence)));
      button.addEventListener('click', () => {
        choose(other.text);
        panel.classList.add('chosen');
        const right = find('.correction:not([open]) form > input', panel);
        if (right) right.value = other.text;       // to be kept with two clicks
        find('button', list).focus();              // the one that was pressed is gone
        speak(panel, other.text);
      });
      return make('li', {}, button);
    }));
  };
  choose(answer.text);
  return [make('h2', {}, say('It could also be')), list];
}

function showLetters(list, letters, from, width) {   // `from` and `width`: the picture in its units
  list.replaceChildren(...letters.map(({ char, start, end, confidence }) => {
    const grade = confidence >= 0.9 ? 'high' : confidence >= 0.6 ? 'middle' : 'low';
    const left = 100 * (((start + end) / 2 + from) / width);
    return make('li', { class: grade, style: `left:${left}%`, title: `${char}: ${percent(confidence)}` }, char);
  }));
}

// What the server answers. Gradio's calls may also end with nothing, where nobody answers.
const SILENT = { error: 'The reader does not answer; is it still running?' };
async function call(name, value) {
  try { return await server[name](value) ?? SILENT; } catch { return SILENT; }
}

const LARGEST = 100 * 2 ** 20;                 // bytes of a file, as the server takes them
const unsent = file => file.size > LARGEST ? 'The file could not be sent; it is too large.'
  : 'The file could not be sent; try again when there is a connection.';

// Calls one at a time; of those that come meanwhile only the newest is made, older answers are dropped.
const PATIENCE = 20_000;                       // milliseconds: an answer lost on its way holds nobody up
const SOON = 400;                              // milliseconds: what takes longer is seen to go on
function newest(name, show, panel) {
  let waiting = null, running = false, number = 0;
  return async value => {
    waiting = [++number, value];
    if (running) return;
    running = true;
    while (waiting) {
      const [asked, given] = waiting;
      waiting = null;
      const slow = setTimeout(() => panel.setAttribute('aria-busy', 'true'), SOON);
      const late = () => new Promise(go => setTimeout(go, PATIENCE, SILENT));
      const answer = given === null ? null : await Promise.race([call(name, given), late()]);
      clearTimeout(slow);
      panel.removeAttribute('aria-busy');
      if (asked === number) show(answer, given);
    }
    running = false;
  };
}

const tabs = all('[role=tab]');
let leave = () => {};                          // what a tab does when another one is opened
function open(tab) {
  leave();
  find('.spoken').textContent = '';
  for (const each of tabs) {
    each.setAttribute('aria-selected', each === tab);
    each.tabIndex = each === tab ? 0 : -1;
    find(`#${each.getAttribute('aria-controls')}`).hidden = each !== tab;
  }
}
tabs.forEach((tab, place) => {
  tab.addEventListener('click', () => open(tab));
  tab.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(place + step + tabs.length) % tabs.length];
    open(next);
    next.focus();
  });
});
