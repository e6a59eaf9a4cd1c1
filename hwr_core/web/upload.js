// A picture from a file, the clipboard, the camera or an example; turned and cut before reading.
{
const tab = find('#upload'), panel = find('.panel', tab), letters = find('.letters', tab);
const shown = find('.shown', tab), photo = find('.photo', tab), crop = find('.crop', tab);
const image = find('.photo img', tab), video = find('video', tab), camera = find('.camera', tab);
const button = name => find(`[data-does=${name}]`, tab);
const WAITING = 'The reading of your picture appears here.';
let asked = null, from = null;               // {file, turn, box}; where a drag began

const ask = newest(look => server.view_picture(look), (answer, look) => {
  showReading(panel, answer, { look });
  shown.hidden = !answer.view;
  if (!answer.view) return;
  image.src = answer.view.picture;
  find('.seen', tab).src = answer.view.strip;
  const left = look.box ? look.box[0] * answer.view.width : 0;
  showLetters(letters, answer.error ? [] : answer.letters, left, answer.view.width);
  drawCrop(look.box);
});

async function take(file) {
  if (!file) return;
  notice(panel, 'Reading …');
  try {
    asked = { file: await upload(file), turn: 0, box: null };
    ask(asked);
  } catch {
    notice(panel, 'The file could not be sent; it may be too large.');
  }
}

function change(values) {
  asked = { ...asked, ...values };
  ask(asked);
}

function drawCrop(box) {
  crop.hidden = !box;
  button('whole').disabled = !box;
  if (!box) return;
  const [left, top, right, bottom] = box.map(share => 100 * share);
  crop.style.cssText = `left:${left}%;top:${top}%;width:${right - left}%;height:${bottom - top}%`;
}

function at(event) {
  const box = image.getBoundingClientRect();
  const share = value => Math.min(1, Math.max(0, value));
  return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
}
const between = ([a, b], [c, d]) => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
photo.addEventListener('pointerdown', event => {
  event.preventDefault();
  photo.setPointerCapture(event.pointerId);
  from = at(event);
});
photo.addEventListener('pointermove', event => { if (from) drawCrop(between(from, at(event))); });
photo.addEventListener('pointerup', event => {
  const box = between(from, at(event));
  from = null;
  const tap = box[2] - box[0] < 0.02 || box[3] - box[1] < 0.02;   // no part was meant
  if (tap) drawCrop(asked.box);
  else change({ box });
});
photo.addEventListener('pointercancel', () => { from = null; drawCrop(asked.box); });

button('left').addEventListener('click', () => change({ turn: (asked.turn + 90) % 360, box: null }));
button('right').addEventListener('click', () => change({ turn: (asked.turn + 270) % 360, box: null }));
button('whole').addEventListener('click', () => change({ box: null }));

function closeCamera() {
  video.srcObject?.getTracks().forEach(track => track.stop());
  video.srcObject = null;
  camera.hidden = true;
}
button('camera').addEventListener('click', async () => {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    camera.hidden = false;
    await video.play();
  } catch {
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

function receive(zone, files) {              // by choosing and by dropping
  const input = find('input[type=file]', zone);
  input.addEventListener('change', () => { files([...input.files]); input.value = ''; });
  zone.addEventListener('dragover', event => { event.preventDefault(); zone.classList.add('over'); });
  zone.addEventListener('dragleave', () => zone.classList.remove('over'));
  zone.addEventListener('drop', event => {
    event.preventDefault();
    zone.classList.remove('over');
    files([...event.dataTransfer.files]);
  });
}
receive(find('.drop', tab), files => take(files[0]));
receive(find('#batch .drop'), files => readAll(files));
document.addEventListener('paste', event => {
  if (!tab.hidden) take([...event.clipboardData.files][0]);
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
