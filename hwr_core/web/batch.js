// Many pictures: read in portions, shown in a table that can be sorted, filtered and mended.
const batch = find('#batch'), meter = find('progress', batch), said = find('.said', batch);
const filter = find('[type=search]', batch), doubtful = find('[type=checkbox]', batch);
const confident = row => row.error === null && row.accepted && !row.remarks.length;
let rows = [], order = null, run = 0;

async function readAll(files) {              // a newer batch stops an older one
  const mine = ++run;
  rows = [];
  find('.outcome', batch).hidden = false;
  meter.hidden = false;
  for (const [place, file] of files.entries()) {
    for (let start = 0, total = 1; start < total;) {
      const part = await portion(file, start).catch(() => ({ error: 'The file could not be sent; it may be too large.' }));
      if (mine !== run) return;
      if (part.error) part.answers = [{ ...part, file: file.name, text: '', confidence: 0, accepted: false, alternatives: [], letters: [], remarks: [] }];
      rows.push(...part.answers);
      total = part.total ?? 1;
      start += part.answers.length || total;
      meter.value = (place + start / total) / files.length;
      fill();
    }
  }
  meter.hidden = true;
}

const sent = new WeakMap();                  // each file travels once
async function portion(file, start) {
  if (!sent.has(file)) sent.set(file, await upload(file));
  return server.view_batch({ file: sent.get(file), name: file.name, start });
}

function fill() {
  const words = filter.value.toLowerCase();
  const kept = rows.filter(row => !(doubtful.checked && confident(row)) && `${row.file} ${row.text}`.toLowerCase().includes(words));
  if (order) kept.sort((a, b) => order.sign * (a[order.by] > b[order.by] ? 1 : a[order.by] < b[order.by] ? -1 : 0));
  find('tbody', batch).replaceChildren(...kept.map(line));
  said.textContent = `${rows.length} ${say('pictures')}, ${rows.filter(row => !confident(row)).length} ${say('to check')}`;
}

function line(row) {
  const text = make('input', { value: row.text, 'aria-label': `${say('Name')}, ${row.file}`, translate: 'no' });
  text.addEventListener('change', () => { row.text = text.value; });
  const flags = row.error ? [row.error] : [...(row.accepted || !row.text ? [] : ['not sure, please check']), ...row.remarks.map(code => REMARKS[code] ?? code)];
  return make('tr', confident(row) ? {} : { class: 'doubt' },
    make('td', {}, ...(row.thumbnail ? [make('img', { src: row.thumbnail, alt: '' })] : [])),
    make('td', {}, row.file), make('td', {}, text),
    make('td', {}, row.error ? '' : percent(row.confidence)), make('td', {}, ...flags.map(flag => make('p', {}, say(flag)))));
}

for (const head of all('[data-by]', batch)) head.addEventListener('click', () => {
  order = { by: head.dataset.by, sign: order?.by === head.dataset.by ? -order.sign : 1 };
  fill();
});
filter.addEventListener('input', fill);
doubtful.addEventListener('change', fill);

function download(name, type, text) {
  const link = make('a', { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
const COLUMNS = ['file', 'text', 'confidence', 'accepted', 'remarks', 'error'];
// A quote before = + - @ keeps a spreadsheet from running a name as a formula.
const cell = value => `"${String(value ?? '').replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
find('[data-does=csv]', batch).addEventListener('click', () => {
  const lines = rows.map(row => COLUMNS.map(column => cell(row[column])).join(','));
  download('names.csv', 'text/csv', ['\ufeff' + COLUMNS.join(','), ...lines].join('\r\n') + '\r\n');
});
find('[data-does=json]', batch).addEventListener('click', () => {
  const plain = rows.map(({ thumbnail, ...row }) => row);
  download('names.json', 'application/json', JSON.stringify(plain, null, 1));
});
