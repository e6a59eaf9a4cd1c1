// A pad that is always ready to write. Its value is the strokes as JSON, never pixels:
// {"width": 640, "height": 240, "strokes": [[[x, y], ...], ...]}, or null when it is empty.
// hwr_core/strokes.py reads it and draws the very same curves.
const WIDTH = 640;       // canvas units; the height follows from the shape that the style gives
const PAUSE = 150;       // milliseconds after a stroke before it is sent
const paper = element.querySelector('.paper');
const canvas = element.querySelector('canvas');
const buttons = [...element.querySelectorAll('button')];
let strokes = [], current = null, pen = null, height = 0, timer = null;

function draw() {
  const box = canvas.getBoundingClientRect();
  if (!box.width) return;                                  // on a hidden tab
  if (!strokes.length && !current) height = Math.round(WIDTH * box.height / box.width);
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

function changed() {
  paper.toggleAttribute('data-empty', !strokes.length && !current);
  buttons.forEach(button => { button.disabled = !strokes.length; });
  draw();
}

function send() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    props.value = strokes.length ? JSON.stringify({ width: WIDTH, height, strokes }) : null;
    trigger('input');
  }, PAUSE);
}

canvas.addEventListener('pointerdown', event => {
  if (current || event.button) return;                     // one pen at a time, and its tip only
  canvas.setPointerCapture(event.pointerId);
  clearTimeout(timer);
  pen = event.pointerId;
  current = [place(event)];
  changed();
});

canvas.addEventListener('pointermove', event => {
  if (!current || event.pointerId !== pen) return;
  const all = event.getCoalescedEvents?.() ?? [];
  (all.length ? all : [event]).forEach(extend);
  draw();
});

function lift(event) {
  if (!current || event.pointerId !== pen) return;
  strokes.push(current);
  current = null;
  changed();
  send();
}
canvas.addEventListener('pointerup', lift);
canvas.addEventListener('pointercancel', lift);

function take(strokesLeft) {
  strokes = strokesLeft;
  changed();
  send();
}
element.addEventListener('click', event => {
  const does = event.target.dataset.does;
  if (does) take(does === 'undo' ? strokes.slice(0, -1) : []);
});
element.addEventListener('keydown', event => {
  if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)) take(strokes.slice(0, -1));
});

new ResizeObserver(draw).observe(canvas);
changed();
