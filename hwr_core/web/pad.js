// A pad that is always ready to write. It sends strokes, never pixels:
// {"width": 640, "height": 240, "strokes": [[[x, y], ...], ...]}.
// hwr_core/strokes.py reads it and draws the very same curves.
{
const WIDTH = 640;       // canvas units; the height follows from the shape that the style gives
const PAUSE = 30;        // milliseconds after a stroke before it is read: a burst is read once
const LIVE = 300;        // milliseconds between readings within one long stroke
const WAITING = 'The reading appears here while you write.';
const paper = find('.paper'), canvas = find('canvas');
const panel = find('#draw .panel'), letters = find('#draw .letters');
const buttons = Object.fromEntries(all('#draw [data-does]').map(button => [button.dataset.does, button]));
let strokes = [], undone = [], current = null, pen = null, tool = '', height = 0, timer = null;

function draw() {
  const box = canvas.getBoundingClientRect();
  if (!box.width) return;                                  // on a hidden tab
  const inked = strokes.length || current || undone.length;  // what redo brings back, too
  if (!inked) height = Math.round(WIDTH * box.height / box.width);
  canvas.style.aspectRatio = inked ? `${WIDTH} / ${height}` : '';  // ink keeps its shape at any size
  canvas.width = Math.round(box.width * devicePixelRatio);  // sharp on any screen; also wipes it
  canvas.height = Math.round(box.height * devicePixelRatio);
  const ink = canvas.getContext('2d');
  ink.scale(canvas.width / WIDTH, canvas.height / height);
  ink.lineCap = ink.lineJoin = 'round';
  ink.lineWidth = props.pen;
  strokes.concat(current ? [current] : []).forEach(stroke => trace(ink, stroke));
}

function trace(ink, stroke) {
  const last = stroke.length - 1;
  ink.beginPath();
  ink.moveTo(...stroke[0]);
  for (let i = 1; i < last; i++) {                         // through the midpoints: no corners
    const [[x, y], [nextX, nextY]] = [stroke[i], stroke[i + 1]];
    ink.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  ink.lineTo(...stroke[last]);                             // one point alone is a dot: round caps
  ink.stroke();
}

function place(event) {                                    // in canvas units, kept on the paper
  const box = canvas.getBoundingClientRect();
  const on = (share, size) => +(Math.min(1, Math.max(0, share)) * size).toFixed(1);
  return [on((event.clientX - box.left) / box.width, WIDTH),
          on((event.clientY - box.top) / box.height, height)];
}

function extend(event) {
  const [x, y] = place(event), [lastX, lastY] = current[current.length - 1];
  if (Math.hypot(x - lastX, y - lastY) >= 1) current.push([x, y]);
}

const ask = newest('read_drawing', (answer, drawing) => {
  if (answer) showReading(panel, answer, { drawing });
  else notice(panel, WAITING);
  showLetters(letters, answer?.letters ?? [], 0, WIDTH);
}, panel);

function send(pause = PAUSE) {
  clearTimeout(timer);
  const lines = () => strokes.concat(current ? [current] : []);
  timer = setTimeout(() => {
    timer = null;
    ask(lines().length ? JSON.stringify({ width: WIDTH, height, strokes: lines() }) : null);
  }, pause);
}

function changed() {
  paper.toggleAttribute('data-empty', !strokes.length && !current);
  for (const button of [buttons.undo, buttons.clear]) disable(button, !strokes.length, canvas);
  disable(buttons.redo, !undone.length, canvas);
  draw();
}

canvas.addEventListener('pointerdown', event => {
  const palm = tool === 'touch' && event.pointerType === 'pen';   // it landed before the pen did
  if (current && !palm || event.button) return;            // one pen at a time, and its tip only
  event.preventDefault();                                  // no selection, no callout
  canvas.setPointerCapture(event.pointerId);
  clearTimeout(timer);
  timer = null;
  pen = event.pointerId;
  tool = event.pointerType;
  current = [place(event)];
  undone = [];
  changed();
});

canvas.addEventListener('pointermove', event => {
  if (!current || event.pointerId !== pen) return;
  const events = event.getCoalescedEvents?.() ?? [];       // all that the pen reported since
  (events.length ? events : [event]).forEach(extend);
  draw();
  if (timer === null) send(LIVE);
});

function lift(event) {
  if (!current || event.pointerId !== pen) return;
  // The system takes back a touch that was no writing, such as a palm's.
  if (event.type === 'pointerup' || tool !== 'touch') strokes.push(current);
  current = null;
  changed();
  send();
}
canvas.addEventListener('pointerup', lift);
canvas.addEventListener('pointercancel', lift);

const does = {
  undo() { if (strokes.length) undone.push(strokes.pop()); },
  redo() { if (undone.length) strokes.push(undone.pop()); },
  clear() { undone.push(...strokes.reverse()); strokes = []; },   // redo brings it back, stroke by stroke
};
function act(name) {
  if (buttons[name].disabled) return;                      // keys have no disabled state
  does[name]();
  changed();
  send(0);
}
for (const name of Object.keys(does)) buttons[name].addEventListener('click', () => act(name));
document.addEventListener('keydown', event => {
  if (find('#draw').hidden || !(event.ctrlKey || event.metaKey) || event.target.matches('input')) return;
  const key = event.key.toLowerCase();
  const name = key === 'y' || (key === 'z' && event.shiftKey) ? 'redo' : key === 'z' ? 'undo' : null;
  if (name) { event.preventDefault(); act(name); }
});

addEventListener('online', () => { if (strokes.length) send(); });
new ResizeObserver(draw).observe(canvas);
notice(panel, WAITING);
changed();
}
