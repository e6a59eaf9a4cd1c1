// Many pictures: read in portions, shown in a table that can be sorted, filtered and mended.
const batch = find('#batch'), meter = find('progress', batch), said = find('.said', batch);
const filter = find('[type=search]', batch), doubtful = find('[type=checkbox]', batch);
const confident = row => row.checked || (row.error === null && row.accepted && !row.remarks.length);
const AT_ONCE = 3;                           // requests on their way: two read, one travels
const UNREAD = { text: '', confidence: 0, accepted: false, alternatives: [], letters: [], remarks: [] };
const BUSY = 'Many people are writing just now; wait a moment and try again.';
const collator = new Intl.Collator(undefined, { numeric: true });   // 2.jpg before 10.jpg
// Unread pictures have no confidence and come first.
const compare = (a, b) => typeof (a ?? b) === 'number' ? (a ?? -1) - (b ?? -1) : collator.compare(a ?? '', b ?? '');
const body = find('tbody', batch);
let rows = [], order = null, run = 0, drawn = null, unsaved = false;

async function readAll(files) {              // a newer batch stops an older one
  if (unsaved && !confirm(say('The names you mended were not downloaded; go on without them?'))) return;
  unsaved = false;
  const mine = ++run, found = files.map(() => []);   // answers by file and place in it
  const shares = files.map(() => 0);
  find('.outcome', batch).hidden = false;
  meter.hidden = false;
  meter.value = 0;
  const read = async ([file, start, count]) => {
    if (mine !== run) return [];
    const part = await portion(files[file], start);
    if (mine !== run) return [];
    part.answers ??= Array.from({ length: count }, (_, i) => ({  // none is lost: a line for each
      ...UNREAD, ...part, file: files[file].name + (start ? `, ${start + i + 1}` : '') }));
    if (part.kind === 'zip' && files.length > 1)      // names of two zips may be the same
      for (const answer of part.answers) answer.file = `${files[file].name}/${answer.file}`;
    const size = part.answers.length, total = part.total ?? size, rest = [];
    found[file][start] = part.answers;
    for (let next = size; size && !start && next < total; next += size) rest.push([file, next, Math.min(size, total - next)]);
    shares[file] += size ? size / total : 1;
    meter.value = shares.reduce((sum, share) => sum + share, 0) / files.length;
    rows = found.flatMap(portions => portions.flat());
    drawn ??= setTimeout(fill, 200);         // a table of hundreds is not drawn for every answer
    return rest;
  };
  rows = [];
  body.replaceChildren();                    // nothing of an older batch can be mended any more
  fill();
  const rest = await atOnce(files.map((_, file) => [file, 0, 1]), read);
  await atOnce(rest, read);
  if (mine !== run) return;
  meter.hidden = true;
  fill();
}

async function atOnce(jobs, work) {          // what comes of all jobs, some of them at a time
  const results = [];
  const hand = async () => { while (jobs.length) results.push(...await work(jobs.shift())); };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
  return results;
}

const sent = new WeakMap();                  // each file travels once
async function portion(file, start) {        // asked for again where the reader is busy or away
  for (let tries = 30; ; tries--) {
    let part;
    try {
      if (!sent.has(file)) sent.set(file, await upload(file));
      part = await call('view_batch', { file: sent.get(file), name: file.name, start });
    } catch {
      part = { error: unsent(file) };
    }
    const passing = part.error === BUSY || !navigator.onLine;
    if (!passing || !tries) return part;
    await new Promise(go => setTimeout(go, 1000));
  }
}

function fill() {
  clearTimeout(drawn);
  drawn = null;
  const words = filter.value.toLowerCase();
  const kept = rows.filter(row => !(doubtful.checked && confident(row)) && `${row.file} ${row.text ?? ''}`.toLowerCase().includes(words));
  if (order) kept.sort((a, b) => order.sign * compare(a[order.by], b[order.by]));
  const lines = kept.map(row => row.line ??= line(row));
  const typing = body.contains(document.activeElement);   // no line moves then, new ones follow
  if (typing) body.append(...lines.filter(each => !each.isConnected));
  else body.replaceChildren(...lines);
  count();
}
body.addEventListener('focusout', event => {
  if (!body.contains(event.relatedTarget)) drawn ??= setTimeout(fill, 200);
});

function count() {
  const parts = [`${rows.length} ${say(rows.length === 1 ? 'picture' : 'pictures')}`, `${rows.filter(row => !confident(row)).length} ${say('to check')}`];
  if (body.rows.length < rows.length) parts.push(`${body.rows.length} ${say('shown')}`);
  said.textContent = rows.length ? parts.join(', ') : say('Reading …');
}

function line(row) {
  const text = make('input', { value: row.text ?? '', 'aria-label': `${say('Name')}, ${row.file}`, translate: 'no' });
  const flags = row.error ? [row.error] : [...(row.accepted || !row.text ? [] : [CHECK]), ...row.remarks.map(code => REMARKS[code] ?? code)];
  const remarks = make('td', {}, ...flags.map(flag => make('p', {}, say(flag))));
  const made = make('tr', confident(row) ? {} : { class: 'doubt' },
    make('td', {}, ...(row.thumbnail ? [make('img', { src: row.thumbnail, alt: '' })] : [])),
    make('td', {}, row.file), make('td', {}, text),
    make('td', {}, row.error ? '' : percent(row.confidence)), remarks);
  text.addEventListener('input', () => { row.text = text.value; unsaved = true; });
  const read = text.value;
  const check = () => {                      // a person has looked at it
    row.checked = unsaved = true;
    if (text.value !== read) for (const stale of ['folded', 'letters', 'alternatives']) delete row[stale];
    made.className = '';
    remarks.replaceChildren(make('p', {}, say('checked')));
    count();
  };
  text.addEventListener('change', check);
  text.addEventListener('keydown', event => { if (event.key === 'Enter') check(); });
  if (row.text && !confident(row)) {
    const right = make('button', { type: 'button', class: 'right' }, say('It is right'));
    right.addEventListener('click', () => { check(); text.focus(); });
    remarks.append(right);
  }
  return made;
}

for (const head of all('[data-by]', batch)) head.addEventListener('click', () => {
  order = { by: head.dataset.by, sign: order?.by === head.dataset.by ? -order.sign : 1 };
  for (const each of all('th', batch)) each.removeAttribute('aria-sort');
  head.closest('th').setAttribute('aria-sort', order.sign > 0 ? 'ascending' : 'descending');
  fill();
});
filter.addEventListener('input', fill);
doubtful.addEventListener('change', fill);

function download(name, type, text) {
  const link = make('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
  unsaved = false;
}
addEventListener('beforeunload', event => { if (unsaved) event.preventDefault(); });   // the browser asks
const COLUMNS = ['file', 'text', 'confidence', 'accepted', 'checked', 'remarks', 'error'];
// A quote before = + - @ keeps a spreadsheet from running a name as a formula.
const cell = value => `"${String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
find('[data-does=csv]', batch).addEventListener('click', () => {
  const lines = rows.map(row => COLUMNS.map(column => cell(row[column])).join(','));
  download('names.csv', 'text/csv', ['\ufeff' + COLUMNS.join(','), ...lines].join('\r\n') + '\r\n');
});
find('[data-does=json]', batch).addEventListener('click', () => {
  const plain = rows.map(({ thumbnail, line, ...row }) => row);
  download('names.json', 'application/json', JSON.stringify(plain, null, 1));
});
