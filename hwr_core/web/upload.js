// A picture from a file, the clipboard, the camera or an example; turned and cut before reading.
{
const tab = find('#upload'), panel = find('.panel', tab), letters = find('.letters', tab);
const shown = find('.shown', tab), photo = find('.photo', tab), crop = find('.crop', tab);
const image = find('.photo img', tab), video = find('video', tab), camera = find('.camera', tab);
const button = name => find(`[data-does=${name}]`, tab);
const WAITING = 'The reading of your picture appears here.';
let asked = null, good = null;               // {file, turn, box}: wanted, shown
let from = null, finger = null;              // where a drag began, and whose it is
let taken = 0;                               // pictures so far: a late one does not replace a newer one

const ask = newest('view_picture', (answer, look) => {
  showReading(panel, answer, { look });
  if (!answer.view) return keep(look);
  good = look;
  shown.hidden = false;
  image.src = answer.view.picture;
  find('.seen', tab).src = answer.view.strip;
  const left = look.box ? look.box[0] * answer.view.width : 0;
  showLetters(letters, answer.error ? [] : answer.letters, left, answer.view.width);
  drawCrop(look.box);
}, panel);

function keep(look) {                        // the picture stays as it was, to be tried again
  showLetters(letters, [], 0, 1);
  shown.hidden = look.file !== good?.file;
  if (shown.hidden) return;
  asked = good;
  drawCrop(good.box);
}
// Letters stand below their ink, so the list is as wide as the picture, which fits the window.
image.addEventListener('load', () => {
  find('.fitted', tab).style.maxWidth = `${60 * image.naturalWidth / image.naturalHeight}vh`;
});

async function take(file) {
  if (!file) return;
  const mine = ++taken;
  notice(panel, 'Reading …');
  try {
    const sent = await upload(file);
    if (mine !== taken) return;
    asked = { file: sent, turn: 0, box: null };
    ask(asked);
  } catch {
    if (mine === taken) notice(panel, unsent(file));
  }
}

function change(values) {
  asked = { ...asked, ...values };
  ask(asked);
}

function drawCrop(box) {
  crop.hidden = !box;
  disable(button('whole'), !box, photo);
  if (!box) return;
  const [left, top, right, bottom] = box.map(share => 100 * share);
  crop.style.cssText = `left:${left}%;top:${top}%;width:${right - left}%;height:${bottom - top}%`;
}

function at(event) {
  const box = image.getBoundingClientRect();
  return [within((event.clientX - box.left) / box.width, 0, 1),
          within((event.clientY - box.top) / box.height, 0, 1)];
}
const between = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
photo.addEventListener('pointerdown', event => {
  if (from || event.button) return;          // one finger at a time, or the mouse's first button
  event.preventDefault();
  photo.setPointerCapture(event.pointerId);
  finger = event.pointerId;
  from = at(event);
});
const drags = event => from && event.pointerId === finger;
photo.addEventListener('pointermove', event => { if (drags(event)) drawCrop(between(from, at(event))); });
photo.addEventListener('pointerup', event => {
  if (!drags(event)) return;
  const box = between(from, at(event));
  from = null;
  const tap = box[2] - box[0] < 0.02 || box[3] - box[1] < 0.02;   // no part was meant
  if (tap) drawCrop(asked.box);
  else change({ box });
});
photo.addEventListener('pointercancel', event => { if (drags(event)) { from = null; drawCrop(asked.box); } });

// The same from the keyboard: arrows move the part, with Shift its lower right corner.
const STEP = 0.05;                           // of the picture's width or height
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const within = (value, low, high) => Math.min(high, Math.max(low, value));
let keyed = null;                            // the part while a key is held
function moved([left, top, right, bottom], [x, y], corner) {
  if (corner) return [left, top, within(right + x, left + STEP, 1), within(bottom + y, top + STEP, 1)];
  const [dx, dy] = [within(x, -left, 1 - right), within(y, -top, 1 - bottom)];
  return [left + dx, top + dy, right + dx, bottom + dy];
}
photo.addEventListener('keydown', event => {
  if (!ARROWS[event.key]) return;
  event.preventDefault();                    // the page does not scroll
  keyed = moved(keyed ?? asked.box ?? [0, 0, 1, 1], ARROWS[event.key], event.shiftKey);
  drawCrop(keyed);
});
photo.addEventListener('keyup', event => {
  if (!keyed || !ARROWS[event.key]) return;
  change({ box: keyed });
  keyed = null;
});

button('left').addEventListener('click', () => change({ turn: (asked.turn + 90) % 360, box: null }));
button('right').addEventListener('click', () => change({ turn: (asked.turn + 270) % 360, box: null }));
button('whole').addEventListener('click', () => change({ box: null }));

function closeCamera() {
  if (camera.contains(document.activeElement)) button('camera').focus();
  video.srcObject?.getTracks().forEach(track => track.stop());
  video.srcObject = null;
  camera.hidden = true;
}
leave = closeCamera;
button('camera').addEventListener('click', async () => {
  try {
    const film = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    closeCamera();                           // it may have been asked for twice
    video.srcObject = film;
    if (tab.hidden) return closeCamera();
    await video.play();                      // so that there is a frame to take
    camera.hidden = false;
    button('shoot').focus();
  } catch (error) {
    if (error.name !== 'AbortError')         // it was closed while it started
      notice(panel, 'There is no camera, or it may not be used here.');
  }
});
button('shoot').addEventListener('click', () => {
  const still = make('canvas');
  [still.width, still.height] = [video.videoWidth, video.videoHeight];
  still.getContext('2d').drawImage(video, 0, 0);
  closeCamera();
  still.toBlob(blob => take(new File([blob], 'camera.jpg', { type: blob.type })), 'image/jpeg', 0.95);
});
button('close').addEventListener('click', closeCamera);

// Files come by choosing, by dropping anywhere on the page (or the browser would leave it), by pasting.
const zones = [find('.drop', tab), find('#batch .drop')];
function receive(files) {
  if (!files.length) return;                 // text or a link
  if (files.length > 1 || files[0].name.toLowerCase().endsWith('.zip')) open(find('#tab-batch'));
  if (!find('#batch').hidden) return readAll(files);
  if (tab.hidden) open(find('#tab-upload'));
  take(files[0]);
}
for (const zone of zones) {
  const input = find('input[type=file]', zone);
  input.addEventListener('change', () => { receive([...input.files]); input.value = ''; });
}
// A folder is what lies in it, however deep, but for hidden files; files of one name are told apart.
async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail));
    const path = entry.fullPath.slice(1);
    return path === file.name ? [file] : [new File([file], path, { type: file.type })];
  }
  const reader = entry.createReader(), inside = [];
  for (let some; (some = await new Promise((done, fail) => reader.readEntries(done, fail))).length;) inside.push(...some);
  return (await Promise.all(inside.filter(each => !each.name.startsWith('.')).map(filesOf))).flat();
}
async function dropped({ items, files }) {
  const plain = [...files], entries = [...items].map(item => item.webkitGetAsEntry()).filter(Boolean);
  if (!entries.some(entry => entry.isDirectory)) return receive(plain);
  open(find('#tab-batch'));
  try {
    const found = (await Promise.all(entries.map(filesOf))).flat();
    if (found.length) readAll(found.sort((a, b) => collator.compare(a.name, b.name)));
    else said.textContent = say('There is no file in this folder; drop some pictures.');
  } catch {
    said.textContent = say('This folder could not be opened; drop the files in it.');
  }
}
const over = shows => zones.forEach(zone => zone.classList.toggle('over', shows));
const typing = event => event.target.matches('input') && !event.dataTransfer.types.includes('Files');
document.addEventListener('dragover', event => {
  if (typing(event)) return;                 // text may be dropped into a field
  event.preventDefault();
  over(true);
});
document.addEventListener('dragleave', () => over(false));
document.addEventListener('drop', event => {
  if (typing(event)) return;
  event.preventDefault();
  over(false);
  dropped(event.dataTransfer);
});
document.addEventListener('paste', event => {   // a spreadsheet copies cells as text and as a picture
  const { files, types } = event.clipboardData;
  if (!(event.target.matches('input') && types.includes('text/plain'))) receive([...files]);
});

find('.examples', tab).append(...props.examples.map(({ kind, name, source }) => {
  const choice = make('button', { type: 'button' }, make('img', { src: source, alt: '' }), say(kind));
  choice.addEventListener('click', () => {
    const bytes = Uint8Array.from(atob(source.split(',')[1]), letter => letter.charCodeAt(0));
    take(new File([bytes], name));
  });
  return choice;
}));
notice(panel, WAITING);
}
