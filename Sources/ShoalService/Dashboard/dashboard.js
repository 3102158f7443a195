// The dashboard of Shoal: it reads the daemon's HTTP interface and follows its live stream.
//
// Two rules hold throughout. Names and ids come from outside, so they reach the page only as text, never as
// markup. And what is on the page is changed in place, so that focus, selection and a screen reader's
// position survive the ticks.

// MARK: Words and numbers

const locale = 'en-GB';
const nothing = '–';

const digits = (options) => new Intl.NumberFormat(locale, options);
const wholeNumber = digits({ maximumFractionDigits: 0 });
const oneDecimal = digits({ maximumFractionDigits: 1 });
const threeDecimals = digits({ maximumFractionDigits: 3 });
const twoDigits = digits({ maximumSignificantDigits: 2 });
const threeDigits = digits({ maximumSignificantDigits: 3 });

const moment = (options) =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', ...options });
const timeOfDay = moment({ second: '2-digit' });
const dayAndTime = moment({ day: 'numeric', month: 'short' });
const fullDay = moment({ day: 'numeric', month: 'short', year: 'numeric' });

const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const withMinus = (text) => text.replace('-', '−');
const formatCount = (value) => (isNumber(value) ? withMinus(wholeNumber.format(Math.round(value))) : nothing);
const formatSigned = (value) => `${value > 0 ? '+' : ''}${formatNumber(value)}`;

/** Three digits, as no more is meant; of large numbers all before the point. */
function formatNumber(value) {
  if (!isNumber(value)) return nothing;
  const size = Math.abs(value);
  if (size < 0.0005) return '0';
  return withMinus((size >= 100 ? wholeNumber : size < 0.1 ? threeDecimals : threeDigits).format(value));
}

/** Two digits, or all before the point. */
const formatRoughly = (value) =>
  (Math.abs(value) < 10 ? withMinus(twoDigits.format(value)) : formatCount(value));

function formatShare(share) {
  if (!isNumber(share)) return nothing;
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return 'below 0.1\u00a0%';
  return `${(percent < 10 ? oneDecimal : wholeNumber).format(percent)}\u00a0%`;
}

function formatHours(hours) {
  if (hours < 2) return `${formatCount(hours * 60)}\u00a0min`;
  return hours < 48 ? `${formatRoughly(hours)}\u00a0h` : `${formatRoughly(hours / 24)}\u00a0days`;
}

const formatFactor = (factor) =>
  (formatRoughly(factor) === '1' ? 'as before' : `${formatRoughly(factor)}\u00a0times`);

/** A value of a feature in the feature's own unit. */
function formatValue(value, unit) {
  if (!isNumber(value)) return nothing;
  switch (unit) {
    case 'share': return formatShare(value);
    case 'hours': return formatHours(value);
    case 'per_one': return `${formatRoughly(value)} to 1`;
    case 'doublings': return formatFactor(2 ** value);
    default: return formatNumber(value);
  }
}

function formatDuration(seconds) {
  if (!isNumber(seconds)) return nothing;
  const [days, hours, minutes] = [seconds / 86400, (seconds / 3600) % 24, (seconds / 60) % 60]
    .map(Math.floor);
  if (days > 0) return `${formatCount(days)} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.floor(seconds)} s`;
}

function formatDate(text, formatterOf) {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) ? nothing : formatterOf(date).format(date);
}

/** The clock alone for today, the date with it otherwise. */
const formatTime = (text) => formatDate(
  text, (date) => (date.toDateString() === new Date().toDateString() ? timeOfDay : dayAndTime));
const formatDay = (text) => formatDate(text, () => fullDay);

const spoken = (name) => String(name ?? '').replaceAll('_', ' ');
const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const titled = (name) => capitalised(spoken(name));
const plural = (count, one, many = `${one}s`) => `${formatCount(count)} ${count === 1 ? one : many}`;
const spanWords = (minutes) =>
  (minutes === 60 ? 'in the last hour' : `in the last ${plural(minutes, 'minute')}`);

// MARK: The page

const byId = (id) => document.getElementById(id);
const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

// A node is only touched if something changed: writing the same text again would end a selection in it.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function setAttribute(node, name, value) {
  if (value === undefined || value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

function setHidden(node, isHidden) {
  node.hidden = isHidden;
}

/** Writes each text into the part of its name. */
function setParts(root, texts) {
  for (const [name, text] of Object.entries(texts)) setText(part(root, name), text);
}

const write = (id, text) => setText(byId(id), text);
const showIf = (id, isShown) => setHidden(byId(id), !isShown);
const announce = (text) => write('announcer', text);
const fromTemplate = (id) => byId(id).content.firstElementChild.cloneNode(true);

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children);
  return node;
}

const element = (tag, attributes = {}, ...children) =>
  filled(document.createElement(tag), attributes, children);
const svgElement = (tag, attributes = {}, ...children) =>
  filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

const keyedChildren = new WeakMap();

/** Makes the children of `parent` be those of `items`, in order, keeping the nodes of keys that stay. */
function reconcile(parent, items, keyOf, create, update) {
  let nodes = keyedChildren.get(parent);
  if (!nodes) keyedChildren.set(parent, (nodes = new Map()));
  const wanted = new Set(items.map(keyOf));
  for (const [key, node] of nodes) {
    if (wanted.has(key)) continue;
    node.remove();
    nodes.delete(key);
  }
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let node = nodes.get(key);
    if (!node) nodes.set(key, (node = create(item)));
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
    update(node, item);
  }
}

// A cell of a table is text, or an object with `text` or `draw`, which fills the cell itself.
const asCell = (content) => (content?.draw || content?.text !== undefined ? content : { text: content });
const head = (content) => ({ ...asCell(content), isHead: true });
const number = (text) => ({ text, className: 'number' });

/** Fills a table body with a row for each item. */
function fillRows(body, items, keyOf, cellsOf) {
  const rows = items.map((item) => ({ key: keyOf(item), cells: cellsOf(item).map(asCell) }));
  const createCell = ({ isHead, className }) =>
    element(isHead ? 'th' : 'td', { scope: isHead ? 'row' : null, class: className });
  reconcile(body, rows, (row) => row.key, (row) => element('tr', {}, ...row.cells.map(createCell)),
    (node, row) => row.cells.forEach((cell, index) => {
      if (cell.draw) cell.draw(node.cells[index]);
      else setText(node.cells[index], String(cell.text ?? nothing));
    }));
}

/** Keeps one child of a kind in a node: made once, updated after. */
function only(node, kind, create, update = () => {}) {
  let child = node.firstElementChild;
  if (child?.dataset.kind !== kind) {
    child = create();
    child.dataset.kind = kind;
    node.replaceChildren(child);
  }
  update(child);
}

const lines = (first, second) => ({
  draw: (cell) => {
    if (!cell.firstChild) cell.append(element('span'), ' ', element('span', { class: 'second-line' }));
    setText(cell.firstChild, first);
    setText(cell.lastChild, second);
  },
});

function fillFacts(list, facts) {
  reconcile(list, facts.filter(([, value]) => value), ([name]) => name,
    ([name]) => element('div', {}, element('dt', {}, name), element('dd')),
    (node, [, value]) => setText(node.lastElementChild, String(value)));
}

// MARK: State

const state = {
  status: null, segments: null, transitions: null, model: null,
  alerts: { active: new Map(), recent: [] },
  order: [],                // Ids of the live segments, in the order in which the page shows them.
  series: new Map(),        // Colour number of each segment that was ever shown.
  details: new Map(),       // Answers of /v1/segments/{id}, with the time at which they came.
  units: new Map(),         // Unit of each feature.
  transforms: new Map(),    // Transform of each feature, where it is known.
};

const segmentOf = (id) => state.segments?.segments.find((segment) => segment.id === id) ?? null;
const liveSegments = () => state.order.map(segmentOf).filter(Boolean);
const nameOf = (id, otherwise = id) => segmentOf(id)?.name ?? otherwise;

/** A colour number of ten that stays with a segment; of the live ones no two share one while ten suffice. */
function seriesOf(id) {
  if (!state.series.has(id)) {
    const taken = new Set(state.order.map((other) => state.series.get(other)));
    const first = Math.max(0, (Number.parseInt(String(id).slice(1), 10) || 1) - 1) % 10;
    const numbers = Array.from({ length: 10 }, (_, step) => (first + step) % 10);
    state.series.set(id, numbers.find((one) => !taken.has(one)) ?? first);
  }
  return state.series.get(id);
}

const segmentAddress = (id) => `#segment=${encodeURIComponent(id)}`;
const customerAddress = (id) => `#customer=${encodeURIComponent(id)}`;

function segmentReference(segment, nowhere) {
  const node = segment
    ? element('a', { class: 'segment-link' }, element('span', { class: 'swatch', 'aria-hidden': 'true' }),
      element('span', { class: 'segment-name' }))
    : element('span', { class: 'nowhere' });
  updateReference(node, segment, nowhere);
  return node;
}

function updateReference(node, segment, nowhere = 'no segment') {
  if (!segment) return setText(node, nowhere);
  setAttribute(node, 'href', segmentAddress(segment.id));
  setAttribute(node, 'data-series', seriesOf(segment.id));
  setText(node.lastElementChild, nameOf(segment.id, segment.name ?? segment.id));
}

/** A cell with a link to a segment; without one it says `nowhere`. */
const reference = (segment, nowhere) => ({
  draw: (cell) => only(cell, segment ? 'segment' : 'nowhere', () => segmentReference(segment, nowhere),
    (node) => updateReference(node, segment, nowhere)),
});

// MARK: Requests

let token = null;    // In memory only: it is gone with the page.

class RequestError extends Error {
  constructor(status, reply) {
    const otherwise = status ? `The daemon answered ${status}.` : 'The daemon cannot be reached.';
    super(reply?.error?.message ?? otherwise);
    this.status = status;
    this.reply = reply;
  }
}

async function request(path, { method = 'GET', body } = {}) {
  const headers = { Accept: 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const signal = AbortSignal.timeout(15_000);
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, cache: 'no-store', body: body && JSON.stringify(body),
    });
  } catch {
    throw new RequestError(0, null);
  }
  const reply = await response.json().catch(() => null);
  if (!response.ok) throw new RequestError(response.status, reply);
  return reply;
}

/** The details of a segment, from memory if they are young enough. */
async function segmentDetail(id, secondsMax = 30) {
  const known = state.details.get(id);
  if (known && Date.now() - known.at < secondsMax * 1000) return known.detail;
  const detail = await request(`/v1/segments/${encodeURIComponent(id)}`);
  state.details.set(id, { detail, at: Date.now() });
  for (const trait of detail.typical ?? []) state.units.set(trait.feature, trait.unit);
  return detail;
}

const traitOf = (detail, feature) => detail?.typical?.find((trait) => trait.feature === feature) ?? null;

// MARK: Reasons

// Reasons of changes hold values after the transform; people want them before it.
const transforms = {
  none: { forward: (x) => x, back: (x) => x },
  log1p: { forward: (x) => Math.log1p(Math.max(x, 0)), back: (x) => Math.expm1(Math.max(x, 0)) },
  sqrt: { forward: (x) => Math.sqrt(Math.max(x, 0)), back: (x) => Math.max(x, 0) ** 2 },
  asinh: { forward: Math.asinh, back: Math.sinh },
};

/**
 * Learns units and transforms of the features. The model tells the population's mean after the transform, a
 * segment's traits the same before it; the transform that leads from one to the other is the feature's.
 */
async function learnFeatures() {
  if (!state.order.length || !state.model?.features) return;
  const detail = await segmentDetail(state.order[0]).catch(() => null);
  for (const { name, unit, transform, mean } of state.model.features) {
    if (unit) state.units.set(name, unit);
    if (transforms[transform]) state.transforms.set(name, transform);
    const population = traitOf(detail, name)?.population;
    if (state.transforms.has(name) || !isNumber(population) || !isNumber(mean)) continue;
    const errorOf = (one) => Math.abs(transforms[one].forward(population) - mean);
    const best = Object.keys(transforms).reduce((a, b) => (errorOf(b) < errorOf(a) ? b : a));
    if (errorOf(best) <= 0.01 * Math.abs(mean) + 1e-6) state.transforms.set(name, best);
  }
  showAlerts();
  showChangesSoon();
}

/** A value from after the transform in words, or null where the transform is not known. */
function plainValue(feature, value) {
  const transform = transforms[state.transforms.get(feature)];
  return transform && isNumber(value) ? formatValue(transform.back(value), state.units.get(feature)) : null;
}

/** The strongest reason of a change as two lines: what the customer shows, and what that is like. */
function reasonWords({ reasons, from }) {
  const reason = reasons?.[0];
  if (!reason) return [nothing, ''];
  const [value, typical, former] = [reason.value, reason.typical, reason.was_typical]
    .map((one) => plainValue(reason.feature, one));
  if (value === null) {
    const side = reason.typical >= reason.was_typical ? 'high' : 'low';
    return [`${spoken(reason.feature)} ${side}`, 'as is typical of the new segment'];
  }
  const than = from ? 'before' : 'everyone';
  return [`${spoken(reason.feature)} ${value}`, `typical ${typical}, ${than} ${former}`];
}

function causeWords({ cause, event }) {
  if (cause === 'event') return spoken(event?.type ?? 'event');
  return { time: 'time passed', model: 'new model', erasure: 'erased' }[cause] ?? spoken(cause);
}

// MARK: Small pictures

function sparkPicture() {
  return svgElement('svg', {
    class: 'spark', viewBox: '0 0 120 32', preserveAspectRatio: 'none', 'aria-hidden': 'true',
  });
}

/** A line with its area. The span is at least 2 % of the level, so that ripples do not look like waves. */
function drawSpark(svg, values) {
  const { width, height } = svg.viewBox.baseVal;
  if (!svg.firstChild) svg.append(...['area', 'line'].map((name) => svgElement('path', { class: name })));
  const [high, low] = [Math.max(...values), Math.min(...values)];
  const span = Math.max(high - low, 0.02 * Math.abs(high), 1e-9);
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * width;
    const y = height / 2 - ((value - (high + low) / 2) / span) * (height - 4);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join('L');
  const isLine = values.length > 1;
  setAttribute(svg.firstChild, 'd', isLine ? `M${points}L${width} ${height}L0 ${height}Z` : null);
  setAttribute(svg.lastChild, 'd', isLine ? `M${points}` : null);
}

const bar = (share, series) => ({
  draw: (cell) => only(cell, 'bar', () => svgElement('svg', {
    class: 'bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true',
  }, svgElement('rect', { height: 4 })), (svg) => {
    setAttribute(svg, 'data-series', series);
    setAttribute(svg.firstChild, 'width', (100 * Math.min(1, Math.max(0, share))).toFixed(1));
  }),
});

/** Where a segment and perhaps a customer stand against everyone: three standard deviations to each side. */
const strip = ({ segment, customer: own, series }) => ({
  draw: (cell) => only(cell, 'strip', () => svgElement('svg', {
    class: 'strip', viewBox: '0 0 144 20', 'aria-hidden': 'true',
  }, svgElement('line', { x1: 2, x2: 142, y1: 10, y2: 10 }),
  svgElement('line', { class: 'middle', x1: 72, x2: 72, y1: 4, y2: 16 }),
  svgElement('path', { d: 'M0 4L6 10L0 16L-6 10Z' }), svgElement('circle', { cy: 10, r: 4 })), (svg) => {
    setAttribute(svg, 'data-series', series);
    const place = (node, deviations) => {
      setAttribute(node, 'visibility', isNumber(deviations) ? 'visible' : 'hidden');
      setAttribute(node, 'transform', `translate(${72 + 22 * Math.min(3, Math.max(-3, deviations || 0))})`);
    };
    place(svg.children[2], segment);
    place(svg.children[3], own);
  }),
});

// MARK: Health

const healthHistory = { events: [], lag: [], latency: [] };
const healthHistoryMax = 60;    // A minute at one status a second.

function rememberHealth(name, value) {
  if (!isNumber(value)) return;
  const values = healthHistory[name];
  values.push(value);
  if (values.length > healthHistoryMax) values.shift();
  const tile = byId(`health-${name}`);
  if (!tile.querySelector('svg')) tile.lastElementChild.append(sparkPicture());
  drawSpark(tile.querySelector('svg'), values);
}

function setTile(name, figure, note) {
  const tile = byId(`health-${name}`);
  setText(tile.querySelector('.figure'), figure);
  if (note !== undefined) setText(tile.querySelector('.note-text'), note);
}

function trainerWords(trainer) {
  if (!trainer?.active) return trainer ? 'on another instance' : nothing;
  return trainer.learning
    ? `gathering ${formatCount(trainer.gathered)} of ${formatCount(trainer.warmup)}` : 'active';
}

function showStatus(status) {
  state.status = status;
  const { latency, model, customers, lanes = [], misplaced = 0 } = status;
  write('phase-text', `${capitalised(status.phase)} · ${status.ready ? 'ready' : 'not ready'}`);
  setAttribute(byId('phase'), 'data-ready', status.ready);
  showIf('not-ready', status.reasons?.length > 0);
  reconcile(byId('not-ready'), status.reasons ?? [], String, () => element('li'), setText);

  setTile('events', formatCount(status.events_per_second), `${formatCount(status.events)} since start`);
  setTile('lag', formatCount(status.lag_records), 'records still to read');
  setTile('latency', latency ? `${formatNumber(latency.p50_milliseconds)} ms` : nothing,
    latency ? `99 % within ${formatNumber(latency.p99_milliseconds)} ms` : 'nothing measured yet');
  setTile('customers', formatCount(customers), customers && status.profile_bytes
    ? `${formatCount(status.profile_bytes / customers)} bytes of memory each` : 'none seen yet');
  setTile('changes', formatCount(status.changes));
  const astray = misplaced ? `, ${formatCount(misplaced)} misplaced` : '';
  setTile('rejected', formatCount(status.rejected) + astray);
  const isMuch = status.rejected + misplaced > 0.01 * Math.max(1, status.events);
  byId('health-rejected').classList.toggle('attention', isMuch);
  setTile('trainer', trainerWords(status.trainer));
  setTile('model', model
    ? `version ${formatCount(model.version)}, generation ${formatCount(model.generation)}` : 'none yet');
  setTile('stream', status.stream_time ? formatTime(status.stream_time) : 'no event yet');
  setTile('uptime', formatDuration(status.uptime_seconds));
  rememberHealth('events', status.events_per_second);
  rememberHealth('lag', status.lag_records);
  rememberHealth('latency', latency?.p99_milliseconds);

  const liveCount = lanes.filter((lane) => lane.phase === 'live').length;
  write('lanes-summary', lanes.length ? `${liveCount} of ${lanes.length} live` : 'none yet');
  fillRows(byId('lanes'), lanes, (lane) => lane.index, (lane) => [
    head(lane.index), lane.phase, lane.partitions.join(', ') || 'none', number(formatCount(lane.customers)),
    number(formatCount(lane.events)), number(formatCount(lane.lag_records)),
    number(lane.model_version ? formatCount(lane.model_version) : 'none'),
  ]);
  write('foot', `Shoal ${status.version} on ${status.instance}, `
    + `${plural(status.subscribers, 'subscriber')} to its streams`);
  showLearning();
  followModel(model);
}

// MARK: Segments

function showSegments(answer) {
  state.segments = answer;
  const ids = new Set(answer.segments.map((segment) => segment.id));
  // Largest first, but only when segments come or go: cards that swap places cannot be read.
  if (ids.size !== state.order.length || state.order.some((id) => !ids.has(id))) {
    state.order = [...answer.segments].sort((a, b) => b.members - a.members).map((segment) => segment.id);
    balanceCards();
    learnFeatures();
  }
  const segments = liveSegments();
  write('segments-note', segments.length
    ? `${formatCount(answer.customers)} customers, ${formatCount(answer.unassigned)} not placed yet` : '');
  reconcile(byId('segment-cards'), segments, (segment) => segment.id, createCard, updateCard);
  showLearning();
  showSummary();
  showMap();
  showFlow();
  showFilter();
  refreshSegmentDialog();
}

/** As many columns as make the rows even: six cards are two rows of three where four would fit. */
function balanceCards() {
  const cards = byId('segment-cards');
  const most = Math.max(1, Math.floor((cards.clientWidth + 16) / (320 + 16)));
  const count = Math.max(1, state.order.length);
  cards.style.setProperty('--columns', Math.ceil(count / Math.ceil(count / most)));
}

function createCard({ id }) {
  const card = fromTemplate('segment-card-template');
  Object.assign(card.dataset, { segment: id, series: seriesOf(id) });
  part(card, 'open').addEventListener('click', () => { location.hash = segmentAddress(id); });
  return card;
}

function updateCard(card, segment) {
  const { distinctive: traits = [], example } = segment;
  setParts(card, {
    name: segment.name, id: segment.id, members: formatCount(segment.members), growth: growthWords(segment),
    share: `${formatShare(segment.share)} of all`,
    entered: `${formatNumber(segment.entered_per_minute)} / min`,
    left: `${formatNumber(segment.left_per_minute)} / min`,
    volatility: `${formatShare(segment.volatility_per_day)} / day`,
  });
  setAttribute(part(card, 'open'), 'aria-label', `Details of ${segment.name}`);
  drawSpark(part(card, 'trend'), (segment.trend ?? []).map((point) => point.members));
  setAttribute(part(card, 'share-bar'), 'width', (100 * Math.min(1, segment.share)).toFixed(1));

  setHidden(part(card, 'no-traits'), traits.length > 0);
  setHidden(part(card, 'traits').parentElement, traits.length === 0);
  fillRows(part(card, 'traits'), traits, (trait) => trait.feature, (trait) => [
    head(lines(traitWords(trait), trait.word ? spoken(trait.feature) : '')),
    number(formatValue(trait.typical, trait.unit)), number(formatValue(trait.population, trait.unit)),
  ]);
  setHidden(part(card, 'example'), !example?.reasons?.length);
  if (!example) return;
  setText(part(card, 'example-from'), nameOf(example.from));
  reconcile(part(card, 'example-reasons'), example.reasons.slice(0, 2), (reason) => reason.feature,
    () => element('li'), (node, { feature, unit, value, was_typical: other }) => setText(
      node, `${spoken(feature)} ${formatValue(value, unit)}, not ${formatValue(other, unit)}`));
}

const traitWords = ({ word, effect, feature }) => word ?? `${effect > 0 ? 'high' : 'low'} ${spoken(feature)}`;

/** How far the members moved over the trend, and how long that is. */
function growthOf({ trend = [] }) {
  if (trend.length < 2) return null;
  const [first, last] = [trend[0], trend[trend.length - 1]];
  return { members: last.members - first.members, seconds: (new Date(last.at) - new Date(first.at)) / 1000 };
}

function growthWords(segment) {
  const growth = growthOf(segment);
  if (!growth) return '';
  const span = growth.seconds < 90 ? `${formatCount(growth.seconds)} s` : formatHours(growth.seconds / 3600);
  return `${growth.members > 0 ? '+' : ''}${formatCount(growth.members)} in ${span}`;
}

/** What the page says before there are segments. */
function showLearning() {
  const { status, segments } = state;
  const isEmpty = status !== null && segments?.segments.length === 0;
  showIf('learning', isEmpty);
  if (!isEmpty) return;
  const { gathered = 0, warmup = 0, active = false } = status.trainer ?? {};
  const isSilent = !status.events && !gathered;
  const isGathering = !isSilent && active && warmup > 0;
  const [title, text] = learningWords(isSilent, active, status.phase, gathered >= warmup);
  write('learning-title', title);
  write('learning-text', text);
  showIf('learning-progress', isGathering);
  write('learning-count', isGathering
    ? `${formatCount(Math.min(gathered, warmup))} of ${formatCount(warmup)} gathered` : '');
  if (isGathering) byId('learning-progress').value = Math.min(1, gathered / warmup);
}

function learningWords(isSilent, isTraining, phase, isEnough) {
  if (isSilent) {
    return ['Nothing received yet', phase === 'running'
      ? 'Shoal is connected and has not been sent an event. Segments are learned from what customers do: '
        + 'events are counted here as soon as they arrive on the input topics.'
      : `Shoal is ${phase}. Events are read and counted once that is over.`];
  }
  if (!isTraining) {
    return ['Waiting for a model', 'Another instance learns it; customers are placed once it is published.'];
  }
  return ['Learning the first segments', isEnough ? 'Enough has been seen; the segments are being computed.'
    : 'Shoal watches until it has seen enough of what customers do. Until then nobody is in a segment; then '
      + 'all are placed at once.'];
}

/** The state of things in one breath, for those who read nothing else. */
function showSummary() {
  const segments = liveSegments();
  const customers = state.segments?.customers ?? 0;
  const active = state.alerts.active.size;
  if (!segments.length) {
    write('summary', customers
      ? `${plural(customers, 'customer')} seen, no segments yet.` : 'No customer has been seen yet.');
    return;
  }
  const largest = segments.reduce((one, other) => (other.share > one.share ? other : one));
  const growing = segments.reduce((one, other) => {
    const [least, members] = [one ? growthOf(one).members : 0, growthOf(other)?.members ?? 0];
    return members > least ? other : one;
  }, null);
  const growth = growing ? ` ${capitalised(growing.name)} grows most, ${growthWords(growing)}.` : '';
  const drift = active
    ? `${plural(active, 'drift alert is', 'drift alerts are')} active` : 'There is no drift';
  write('summary', `${plural(customers, 'customer')} in ${plural(segments.length, 'segment')}; the largest `
    + `is ${largest.name}, ${formatShare(largest.share)}.${growth} ${drift}.`);
}

// MARK: Map

const map = { chart: null, geometry: null };
const ruler = document.createElement('canvas').getContext('2d');    // Tells how wide names are.

/** Where everything goes, in pixels. Both axes have one scale, as distances are what the map is for. */
function mapGeometry(segments, width, height) {
  const inset = 44;
  // Rounded outwards, so that the picture stands still while centroids creep.
  const extent = (values) =>
    [Math.floor(Math.min(...values) * 2) / 2, Math.ceil(Math.max(...values) * 2) / 2];
  const [left, right] = extent(segments.map((segment) => segment.position.x));
  const [low, high] = extent(segments.map((segment) => segment.position.y));
  const scale = Math.min((width - 2 * inset) / Math.max(right - left, 0.5),
    (height - 2 * inset) / Math.max(high - low, 0.5));
  const [middleX, middleY] = [(left + right) / 2, (low + high) / 2];
  const range = {
    left: middleX - width / 2 / scale, right: middleX + width / 2 / scale,
    low: middleY - height / 2 / scale, high: middleY + height / 2 / scale,
  };
  const toX = (x) => (x - range.left) * scale;
  const toY = (y) => (range.high - y) * scale;
  const most = Math.max(1, ...segments.map((segment) => segment.members));
  const bubbles = segments.map((segment) => ({
    segment, x: toX(segment.position.x), y: toY(segment.position.y),
    radius: Math.max(4, (inset - 6) * Math.sqrt(segment.members / most)),
  }));
  placeLabels(bubbles, width, height);
  return { width, height, bubbles, range };
}

/** Puts each name above, below or beside its bubble, wherever it covers least of the others. */
function placeLabels(bubbles, width, height) {
  const placed = [];
  ruler.font = `600 12.5px ${getComputedStyle(document.body).fontFamily}`;
  const boxes = bubbles.map(({ x, y, radius }) =>
    ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  bubbles.forEach((bubble, index) => {
    const { segment: { name }, x, y, radius } = bubble;
    bubble.label = name.length > 30 ? `${name.slice(0, 29)}…` : name;
    const textWidth = ruler.measureText(bubble.label).width + 2;
    const candidates = [[x - textWidth / 2, y - radius - 6], [x - textWidth / 2, y + radius + 15],
      [x + radius + 6, y + 4], [x - radius - 6 - textWidth, y + 4]].map(([start, base]) => {
      const left = Math.min(Math.max(start, 4), Math.max(4, width - textWidth - 4));
      return { left, right: left + textWidth, top: base - 12, bottom: base + 4 };
    });
    const others = boxes.filter((_, at) => at !== index);
    const costOf = (box) => others.reduce((sum, other) => sum + overlap(box, other), 0)
      + placed.reduce((sum, other) => sum + 3 * overlap(box, other), 0)
      + (box.top < 2 || box.bottom > height - 2 ? 1e6 : 0);
    const best = candidates.reduce((one, other) => (costOf(other) < costOf(one) ? other : one));
    placed.push(best);
    Object.assign(bubble, { labelX: best.left, labelY: best.bottom - 4 });
  });
}

function overlap(one, other) {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > 0 && down > 0 ? across * down : 0;
}

function showMap() {
  const segments = liveSegments().filter((segment) => segment.position);
  const picture = byId('map-picture');
  setHidden(picture, segments.length === 0);
  showIf('map-empty', segments.length === 0);
  showIf('map-details', segments.length > 0);
  fillRows(byId('map-table'), segments, (segment) => segment.id, (segment) => [
    head(reference(segment)), number(formatNumber(segment.position.x)),
    number(formatNumber(segment.position.y)), number(formatCount(segment.members)),
  ]);
  if (!segments.length || !picture.clientWidth) return;
  map.geometry = mapGeometry(segments, picture.clientWidth, picture.clientHeight);
  setAttribute(picture, 'aria-label', `Map of ${plural(segments.length, 'segment')}; as a table below.`);
  drawMapSVG(picture);
  if (globalThis.Chart) drawMapChart(picture);
}

const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function createMapChart(picture) {
  const segmentAt = (index) => map.geometry.bubbles[index].segment;
  const label = ({ dataIndex }) =>
    `${segmentAt(dataIndex).name}: ${plural(segmentAt(dataIndex).members, 'member')}`;
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  picture.prepend(canvas);
  return new globalThis.Chart(canvas, {
    type: 'bubble',
    data: { datasets: [{ data: [], borderWidth: 1.5, clip: false }] },
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, layout: { autoPadding: false },
      scales: { x: { display: false }, y: { display: false } },
      plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: { label } } },
      onClick: (_, hits) => {
        if (hits.length) location.hash = segmentAddress(segmentAt(hits[0].index).id);
      },
    },
  });
}

function drawMapChart(picture) {
  const { bubbles, range } = map.geometry;
  map.chart ??= createMapChart(picture);
  const colours = bubbles.map(({ segment }) => colourOf(`--series-${seriesOf(segment.id)}`));
  Object.assign(map.chart.data.datasets[0], {
    data: bubbles.map(({ segment, radius }) => ({ ...segment.position, r: radius })),
    backgroundColor: colours.map((colour) => `${colour}4d`), borderColor: colours,
  });
  Object.assign(map.chart.options.scales.x, { min: range.left, max: range.right });
  Object.assign(map.chart.options.scales.y, { min: range.low, max: range.high });
  map.chart.update('none');
}

/** The names, which the chart does not draw, and the bubbles where there is no chart. */
function drawMapSVG(picture) {
  const { width, height, bubbles } = map.geometry;
  let svg = picture.querySelector('svg');
  if (!svg) {
    svg = svgElement('svg', { width: '100%', height: '100%', 'aria-hidden': 'true' },
      svgElement('g'), svgElement('g'));
    picture.append(svg);
  }
  setAttribute(svg, 'viewBox', `0 0 ${width} ${height}`);
  const place = (node, places) => {
    for (const [name, value] of Object.entries(places)) setAttribute(node, name, value.toFixed(1));
  };
  const keyOf = (bubble) => bubble.segment.id;
  reconcile(svg.firstChild, globalThis.Chart ? [] : bubbles, keyOf,
    ({ segment }) => svgElement('circle', { class: 'map-bubble', 'data-series': seriesOf(segment.id) }),
    (node, { x, y, radius }) => place(node, { cx: x, cy: y, r: radius }));
  const createLabel = () => svgElement('text', { class: 'map-label' });
  reconcile(svg.lastChild, bubbles, keyOf, createLabel, (node, { label, labelX, labelY }) => {
    place(node, { x: labelX, y: labelY });
    setText(node, label);
  });
}

// MARK: Flow

function showTransitions(answer) {
  state.transitions = answer;
  showFlow();
}

function showFlow() {
  const { cells = [], minutes = 60, changes: total } = state.transitions ?? {};
  write('flow-note', capitalised(spanWords(minutes)) + (cells.length ? `: ${plural(total, 'change')}` : ''));
  showIf('flow-scroll', cells.length > 0);
  write('flow-summary', flowWords(cells));
  if (!cells.length) return;

  // A segment that is gone may still have flow in the hour. The empty key stands for no segment.
  const gone = new Set(cells.flatMap(({ from, to }) => [from, to]).filter((id) => id && !segmentOf(id)));
  const ids = [...state.order, ...[...gone].sort(), ''];
  const counts = new Map(cells.map(({ from, to, count }) => [`${from ?? ''} ${to ?? ''}`, count]));
  const most = Math.max(...counts.values());
  const countOf = (from, to) => counts.get(`${from} ${to}`) ?? 0;
  const sumCell = (values) => ({
    text: formatCount(values.reduce((sum, value) => sum + value, 0)), className: 'total',
  });
  const columns = ids.join(' ');
  const table = byId('flow-table');
  fillFlowHead(table.tHead, columns, ids);
  fillRows(table.tBodies[0], ids, (from) => `${columns}|${from}`, (from) => [
    head(from ? reference({ id: from, name: `${from}, gone` }) : 'new customers'),
    ...ids.map((to) => ({ draw: (cell) => drawHeat(cell, countOf(from, to), most, from === to) })),
    sumCell(ids.map((to) => countOf(from, to))),
  ]);
  fillRows(table.tFoot, [columns], String, () => [
    { ...head('all in'), className: 'total-name' },
    ...ids.map((to) => sumCell(ids.map((from) => countOf(from, to)))), sumCell([...counts.values()]),
  ]);
}

function fillFlowHead(tableHead, columns, ids) {
  const heading = (...children) => element('th', { scope: 'col' }, ...children);
  reconcile(tableHead, [columns], String, () => element('tr', {}, heading('From, to'),
    ...ids.map((id) => (id ? heading(element('span', { class: 'swatch', 'aria-hidden': 'true' }),
      element('span', { 'aria-hidden': 'true' }, id), element('span', { class: 'visually-hidden' }))
      : heading('erased'))), heading('all out')), (row) => ids.forEach((id, index) => {
    if (!id) return;
    const cell = row.cells[index + 1];
    setAttribute(cell, 'data-series', seriesOf(id));
    setAttribute(cell, 'title', nameOf(id));
    setText(cell.lastChild, nameOf(id));
  }));
}

function drawHeat(cell, count, most, isSame) {
  setText(cell, isSame ? '·' : count ? formatCount(count) : '');
  setAttribute(cell, 'data-same', isSame ? '' : null);
  setAttribute(cell, 'data-heat', count && !isSame ? '' : null);
  // The root, because one large flow would leave all others pale.
  cell.style.setProperty('--heat-share', `${Math.round(8 + 52 * Math.sqrt(count / most))}%`);
}

function flowWords(cells) {
  const largest = cells.filter(({ from, to }) => from && to && from !== to)
    .sort((one, other) => other.count - one.count).slice(0, 2);
  const words = largest.map(({ from, to, count }) =>
    `${nameOf(from)} to ${nameOf(to)} (${formatCount(count)})`);
  return words.length
    ? `Most went from ${words.join(', then from ')}.` : 'Nobody has gone from one segment to another yet.';
}

// MARK: Live changes

const changes = {
  all: [],                // Newest first; more than are shown, so that a filter finds some at once.
  waiting: 0, missed: 0, isPaused: false, filter: '', frame: null,
  filtered: null,         // The stream of one segment's changes, while the filter is set.
};
const changesShown = 50;
const changesKept = 200;

const matchesFilter = ({ from, to }) =>
  changes.filter === '' || from?.id === changes.filter || to?.id === changes.filter;

function receiveChange(change) {
  if (changes.all.some((other) => other.change_id === change.change_id)) return;
  changes.all.unshift(change);
  changes.all.length = Math.min(changes.all.length, changesKept);
  if (matchesFilter(change)) changes.waiting += 1;
  showChangesSoon();
}

/** Once a frame however many come, and not at all while nobody looks at the page. */
function showChangesSoon() {
  changes.frame ??= requestAnimationFrame(() => {
    changes.frame = null;
    showChanges();
  });
}

/** Nothing moves under a pointer or a focus that is in the list. */
function isHeld() {
  const list = byId('changes-list');
  return list.contains(document.activeElement)
    || (list.matches(':hover') && window.matchMedia('(hover: hover)').matches);
}

function showChanges(isForced = false) {
  const isHeldNow = !isForced && (changes.isPaused || isHeld());
  if (!isHeldNow) {
    changes.waiting = 0;
    const shown = changes.all.filter(matchesFilter).slice(0, changesShown);
    fillChanges(byId('changes-rows'), shown, true);
    showIf('changes-empty', shown.length === 0);
    write('changes-empty', changes.filter
      ? `No change into or out of ${nameOf(changes.filter)} since this page was opened.`
      : 'No change since this page was opened. Customers who move to another segment appear here.');
  }
  write('changes-note', [
    changes.isPaused ? 'Paused.' : isHeldNow ? 'Held while you are in the list.' : '',
    changes.waiting ? `${plural(changes.waiting, 'newer one waits', 'newer ones wait')}.` : '',
    changes.missed ? `${formatCount(changes.missed)} were skipped to keep up.` : '',
    connection.isPollingOnly ? 'Changes cannot be followed while polling.'
      : changes.filter ? 'Every change of this segment is shown.' : 'At most ten a second are shown.',
  ].filter(Boolean).join(' '));
}

function fillChanges(body, list, withCustomer) {
  fillRows(body, list, (change) => change.change_id, (change) => {
    const { topic, partition, offset } = change.event ?? {};
    return [
      formatTime(change.at), ...(withCustomer ? [customerCell(change.customer_id)] : []), pathCell(change),
      lines(causeWords(change), topic ? `${topic}/${partition} @${offset}` : ''),
      number(change.to ? formatShare(change.confidence) : nothing), lines(...reasonWords(change)),
    ];
  });
}

const customerCell = (id) => ({
  className: 'change-customer',
  draw: (cell) => only(cell, 'customer', () => element('a', { href: customerAddress(id), title: id }, id)),
});

const pathCell = ({ from, to }) => ({
  draw: (cell) => only(cell, 'path', () => element('div', { class: 'change-path' },
    element('span', { class: 'change-from' }, segmentReference(from, 'new customer')),
    element('span', { class: 'change-to' }, element('span', { 'aria-hidden': 'true' }, '→ '),
      element('span', { class: 'visually-hidden' }, ' to '), segmentReference(to, 'erased'))), (path) => {
    updateReference(path.firstChild.lastChild, from, 'new customer');
    updateReference(path.lastChild.lastChild, to, 'erased');
    // Fifty rows are enough stops for the keyboard with one each; the segments are reached by their cards.
    for (const link of path.querySelectorAll('a')) link.tabIndex = -1;
  }),
});

function showFilter() {
  const select = byId('changes-filter');
  const isGone = changes.filter && !segmentOf(changes.filter);
  const chosen = isGone ? [{ id: changes.filter, name: changes.filter }] : [];
  if (!keyedChildren.has(select)) select.replaceChildren();
  reconcile(select, [{ id: '', name: 'All' }, ...liveSegments(), ...chosen], ({ id }) => id,
    ({ id }) => element('option', { value: id }), (node, { name }) => setText(node, name));
}

/** A segment of few changes would drown in the sample of all, so it gets a stream of its own. */
function followFilter() {
  changes.filtered?.close();
  changes.filtered = null;
  changes.missed = 0;
  if (changes.filter === '' || connection.isPollingOnly) return;
  const address = `/v1/changes?segment=${encodeURIComponent(changes.filter)}`;
  changes.filtered = listen(address, { change: receiveChange, gap: noteGap });
}

function noteGap({ missed = 0 }) {
  changes.missed += missed;
}

byId('changes-pause').addEventListener('click', ({ currentTarget }) => {
  changes.isPaused = !changes.isPaused;
  // The name stays and the pressed state changes: both at once would say the opposite.
  setAttribute(currentTarget, 'aria-pressed', changes.isPaused);
  showChanges();
});
byId('changes-filter').addEventListener('change', ({ target }) => {
  changes.filter = target.value;
  followFilter();
  showChanges(true);
});
byId('changes-list').addEventListener('pointerleave', showChangesSoon);
byId('changes-list').addEventListener('focusout', showChangesSoon);

// MARK: Drift

const severityRank = { critical: 2, warning: 1, info: 0 };
const isSpread = (alert) => alert.statistic?.endsWith('_spread');

function showDrift({ active = [], recent = [] }) {
  state.alerts = { active: new Map(active.map((alert) => [alert.alert_id, alert])), recent };
  showAlerts();
}

function receiveAlert(alert) {
  const { active, recent } = state.alerts;
  // An ongoing record may come without the distribution that the first one had.
  const { distribution } = active.get(alert.alert_id) ?? {};
  if (alert.state === 'resolved') active.delete(alert.alert_id);
  else active.set(alert.alert_id, { distribution, ...alert });
  recent.unshift(alert);
  recent.length = Math.min(recent.length, 100);
  if (alert.state === 'raised') announce(`Drift, ${alert.severity}: ${headline(alert)}`);
  if (alert.state === 'resolved') announce(`Drift is over: ${headline(alert)}`);
  showAlerts();
}

function showAlerts() {
  const active = [...state.alerts.active.values()].sort((one, other) =>
    severityRank[other.severity] - severityRank[one.severity] || new Date(other.since) - new Date(one.since));
  reconcile(byId('drift-active'), active, (alert) => alert.alert_id, () => fromTemplate('alert-template'),
    updateAlert);
  showIf('drift-calm', active.length === 0);
  write('drift-calm-text', state.status?.model
    ? 'No drift: customers and input behave as they did.' : 'Drift is watched once there is a model.');
  write('drift-note', active.length ? `${formatCount(active.length)} active` : '');
  showIf('drift-count', active.length > 0);
  write('drift-count', String(active.length));
  setAttribute(byId('drift-count'), 'data-severity', active[0]?.severity);
  document.title = active.length ? `Shoal · ${plural(active.length, 'drift alert')}` : 'Shoal';

  // One row for each alert with its newest state; the records come newest first.
  const newest = new Map([...state.alerts.recent].reverse().map((alert) => [alert.alert_id, alert]));
  const rows = [...newest.values()].sort((one, other) => new Date(other.since) - new Date(one.since));
  showIf('drift-recent-empty', rows.length === 0);
  showIf('drift-recent-scroll', rows.length > 0);
  fillRows(byId('drift-recent'), rows, (alert) => alert.alert_id, (alert) => [
    formatTime(alert.since),
    { draw: (cell) => only(cell, 'severity', () => element('span', { class: 'severity' }), (node) => {
      setText(node, alert.severity);
      setAttribute(node, 'data-severity', alert.severity);
    }) },
    lines(headline(alert), movedWords(alert).join(' → ')),
    lines(alert.state, alert.state === 'resolved' ? formatTime(alert.at) : ''),
  ]);
  if (state.segments) showSummary();
}

/** What happened, in the words of somebody who has not read the manual. */
function headline(alert) {
  const subject = titled(alert.subject);
  const pick = (up, down) => (alert.direction === 'up' ? up : down);
  switch (alert.monitor) {
    case 'fit': return `Customers fit their segments ${pick('less well', 'better')}`;
    case 'feature':
      if (isSpread(alert)) return `${subject} is ${pick('more', 'less')} varied`;
      if (alert.statistic === 'psi') return `${subject} is spread differently`;
      return `${subject} ${pick('went up', 'went down')}`;
    case 'segments': return segmentHeadline(alert, pick('grew', 'shrank'));
    case 'transitions': return `Customers change segment ${pick('more', 'less')} often`;
    case 'volume': return `${pick('More', 'Fewer')} events than usual`;
    case 'lag': return `Events arrive ${pick('later', 'sooner')}`;
    case 'event_types': return `${subject} is a ${pick('larger', 'smaller')} part of all events`;
    case 'reject_rate': return `${pick('More', 'Fewer')} records are rejected`;
    default: return `${titled(alert.monitor)}: ${spoken(alert.subject)} ${pick('went up', 'went down')}`;
  }
}

function segmentHeadline({ subject, other, statistic }, otherwise) {
  const otherName = other ? nameOf(other) : 'another segment';
  const what = {
    born: 'is a new segment', retired: 'is gone', merged_into: `has become part of ${otherName}`,
    split_from: `has come out of ${otherName}`,
  }[statistic];
  return `${capitalised(nameOf(subject, `segment ${subject}`))} ${what ?? otherwise}`;
}

function alertUnit(alert) {
  if (['segments', 'event_types', 'reject_rate'].includes(alert.monitor)) return 'share';
  return alert.monitor === 'feature' && !isSpread(alert) ? state.units.get(alert.subject) : 'number';
}

/** From what to what it moved. */
function movedWords(alert) {
  const suffix = { lag: ' s', volume: ' in five minutes' }[alert.monitor] ?? '';
  const [before, now] = [alert.reference, alert.current].map((value) => formatValue(value, alertUnit(alert)));
  return [before, now + suffix];
}

const statisticWords = {
  adwin_mean: 'the mean, by ADWIN', page_hinkley_mean: 'the mean, by Page–Hinkley',
  adwin_spread: 'the spread, by ADWIN', page_hinkley_spread: 'the spread, by Page–Hinkley',
  psi: 'the population stability index',
};

function evidenceWords({ statistic, size, threshold, model, at }) {
  const name = statisticWords[statistic];
  const measured = name
    ? `Size ${formatNumber(size)} on ${name}, reported from ${formatNumber(threshold)}. ` : '';
  const version = model ? `Model version ${formatCount(model.version)}. ` : '';
  return `${measured}${version}Last record ${formatTime(at)}.`;
}

function updateAlert(node, alert) {
  const [before, now] = movedWords(alert);
  setAttribute(node, 'data-severity', alert.severity);
  setAttribute(part(node, 'severity'), 'data-severity', alert.severity);
  setAttribute(part(node, 'since'), 'datetime', alert.since);
  setParts(node, {
    severity: capitalised(alert.severity), since: formatTime(alert.since), headline: headline(alert),
    reference: before, current: now, advice: alert.advice ?? '', evidence: evidenceWords(alert),
  });
  const { edges, reference: earlier, current } = alert.distribution ?? {};
  const isDrawn = Boolean(edges?.length && earlier && current);
  setHidden(part(node, 'distribution'), !isDrawn);
  if (!isDrawn) return;
  const unit = state.units.get(alert.subject);
  drawHistogram(part(node, 'histogram'), alert.distribution, unit);
  fillRows(part(node, 'bins'), [...earlier.keys()], (index) => index, (index) => [
    head(binWords(edges, index, unit)), number(formatShare(earlier[index])),
    number(formatShare(current[index])),
  ]);
}

function binWords(edges, index, unit) {
  if (index === 0) return `below ${formatValue(edges[0], unit)}`;
  if (index === edges.length) return `${formatValue(edges[index - 1], unit)} and more`;
  return `${formatValue(edges[index - 1], unit)} to ${formatValue(edges[index], unit)}`;
}

/** Bars of before and now side by side, with the edges of the bins under them as far as there is room. */
function drawHistogram(svg, { edges, reference: before, current }, unit) {
  const [width, floor] = [400, 100];
  const most = Math.max(...before, ...current, 0.01);
  const slot = width / before.length;
  const bars = before.flatMap((share, index) => [
    { kind: 'before', x: (index + 0.12) * slot, share },
    { kind: 'now', x: (index + 0.5) * slot, share: current[index] },
  ]);
  const every = Math.ceil(edges.length / 6);
  const marks = [...edges.keys()].filter((index) => index % every === 0);
  if (!svg.firstElementChild) {
    svg.append(svgElement('g'), svgElement('line', { x2: width, y1: floor, y2: floor }), svgElement('g'));
  }
  reconcile(svg.firstElementChild, bars, ({ kind, x }) => `${kind} ${x}`,
    ({ kind, x }) => svgElement('rect', { class: kind, x: x.toFixed(1), width: (slot * 0.36).toFixed(1) }),
    (node, { share = 0 }) => {
      const height = (floor - 6) * (share / most);
      setAttribute(node, 'y', (floor - height).toFixed(1));
      setAttribute(node, 'height', height.toFixed(1));
    });
  reconcile(svg.lastElementChild, marks, (index) => index,
    (index) => svgElement('text', { x: (index + 1) * slot, y: floor + 15, 'text-anchor': 'middle' }),
    (node, index) => setText(node, formatValue(edges[index], unit)));
}

// MARK: Customer

let lookups = 0;    // Only the newest look-up may show what it found.

async function lookUpCustomer(id) {
  const result = byId('customer-result');
  const lookup = (lookups += 1);
  setAttribute(result, 'aria-busy', 'true');
  try {
    const answer = await request(`/v1/customers/${encodeURIComponent(id)}`);
    // What is typical in the features' own units is told by the segments, not by the customer.
    const [own, next] = await Promise.all([answer.segment, nextNearest(answer)]
      .map((one) => (one ? segmentDetail(one.id).catch(() => null) : null)));
    if (lookup !== lookups) return;
    result.replaceChildren(customerArticle(answer, own, next));
    announce(`${id}: ${part(result, 'sentence').textContent}`);
  } catch (error) {
    if (lookup !== lookups) return;
    showCustomerError(result, id, error);
  } finally {
    if (lookup === lookups) setAttribute(result, 'aria-busy', 'false');
  }
}

const nextNearest = ({ segment, distances = [] }) => distances.find((one) => one.id !== segment?.id);

function showCustomerError(result, id, error) {
  const words = {
    404: `No customer “${id}” is known here. Check the id: it is compared byte by byte.`,
    421: `“${id}” is looked after by another instance.`,
    503: 'The daemon is busy with this customer’s partition. Try again in a moment.',
  }[error.status];
  result.replaceChildren(element('p', { class: 'error' }, words ?? error.message));
  if (words) result.append(element('p', { class: 'muted small' }, error.message));
  const address = error.status === 421 ? instanceAddress(error.reply?.address, id) : null;
  if (address) {
    result.append(element('p', {}, element('a', { href: address.href }, `Look there: ${address.host}`)));
  }
  if (error.status === 503) {
    const again = element('button', { type: 'button' }, 'Try again');
    again.addEventListener('click', () => lookUpCustomer(id));
    result.append(again);
  }
  announce(words ?? error.message);
}

/** The dashboard of another instance, if it is a web address: anything else is not made a link. */
function instanceAddress(text, id) {
  try {
    const address = new URL(text);
    address.hash = customerAddress(id);
    return ['http:', 'https:'].includes(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

function customerArticle(answer, own, next) {
  const article = fromTemplate('customer-template');
  const { segment, confidence, distances = [], recent_changes: recent = [], model } = answer;
  const series = segment ? seriesOf(segment.id) : null;
  setAttribute(article, 'data-series', series);
  setText(part(article, 'id'), answer.customer_id);
  const certainty = isNumber(confidence)
    ? `, with confidence ${formatShare(confidence)}: ${confidenceWords(confidence)}.` : '.';
  part(article, 'sentence').append(
    ...(segment ? ['In ', segmentReference(segment), certainty] : ['In no segment yet.']));
  part(article, 'flags').append(...[
    answer.frozen && 'Frozen: consent was withdrawn, so later events are ignored.',
    answer.outlier && 'An outlier: farther from the segment than nearly all its members.',
  ].filter(Boolean).map((flag) => element('li', {}, flag)));
  fillFacts(part(article, 'facts'), [
    ['Events', formatCount(answer.events)], ['Changes of segment', formatCount(answer.revision)],
    ['First seen', formatDay(answer.first_seen)],
    ['Last event', answer.last_event_at ? formatDay(answer.last_event_at) : 'none'],
    ['As of', formatDay(answer.as_of)], ['Model', model ? `version ${formatCount(model.version)}` : 'none'],
  ]);
  fillReasons(article, answer, own, next);
  const far = Math.max(1e-9, ...distances.map(({ distance }) => distance));
  setHidden(part(article, 'distances').parentElement, distances.length === 0);
  fillRows(part(article, 'distances'), distances, (one) => one.id, (one) => [
    head(reference(one)), bar(one.distance / far, seriesOf(one.id)), number(formatNumber(one.distance)),
  ]);
  fillFeatures(part(article, 'features'), answer, own, series);
  fillChanges(part(article, 'changes'), recent, false);
  setHidden(part(article, 'changes').closest('.scroll'), recent.length === 0);
  const address = `/v1/customers/${encodeURIComponent(answer.customer_id)}/export`;
  setAttribute(part(article, 'export'), 'href', address);
  return article;
}

function confidenceWords(confidence) {
  return confidence >= 0.5 ? 'a clear case' : confidence >= 0.2 ? 'fairly clear' : 'a close call';
}

function fillReasons(article, answer, own, next) {
  const other = nextNearest(answer);
  const reasons = answer.segment ? answer.reasons ?? [] : [];
  setText(part(article, 'reasons-title'), reasons.length && other
    ? `Why here rather than in ${nameOf(other.id, other.name)}` : 'Why here');
  const why = answer.segment ? 'No reasons are given.' : 'Too little is known yet, or there is no model.';
  setText(part(article, 'no-reasons'), reasons.length ? '' : why);
  part(article, 'reasons').append(...reasons.map(({ feature: name, contribution }) => {
    const { raw, unit } = answer.features?.find((one) => one.feature === name) ?? {};
    const [here, there] = [own, next].map((detail) => traitOf(detail, name)?.typical);
    const compared = isNumber(here) && isNumber(there)
      ? `typical ${formatValue(here, unit)} here, ${formatValue(there, unit)} there; ` : '';
    return element('li', {}, `${titled(name)} ${formatValue(raw, unit)}`, element(
      'span', { class: 'second-line' }, `${compared}${formatShare(contribution)} of what speaks for it`));
  }));
}

function fillFeatures(body, { features = [] }, own, series) {
  fillRows(body, features, (one) => one.feature, (one) => {
    const { feature, unit, raw, value, typical, population, weight } = one;
    const trait = traitOf(own, feature);
    const { scale } = state.model?.features?.find(({ name }) => name === feature) ?? {};
    const isScaled = isNumber(population) && scale > 0;
    const deviations = (x) => (isNumber(x) && isScaled ? (x - population) / scale : null);
    return [
      head(titled(feature)), number(formatValue(raw, unit)), number(formatValue(trait?.typical, unit)),
      number(formatValue(trait?.population, unit)),
      strip({ segment: deviations(typical), customer: deviations(value), series }),
      number(formatNumber(value)), number(formatNumber(weight)),
    ];
  });
}

byId('customer-search').addEventListener('submit', (event) => {
  event.preventDefault();
  const id = byId('customer-id').value;
  if (id === '') return;
  // The address carries the id, so that it can be sent to a colleague; the same one is looked up anew.
  if (location.hash === customerAddress(id)) lookUpCustomer(id);
  else location.hash = customerAddress(id);
});

// MARK: Segment details

const sheet = { id: null, at: 0 };

function openSegment(id) {
  const dialog = byId('segment-dialog');
  sheet.id = id;
  write('segment-dialog-title', nameOf(id));
  setAttribute(dialog, 'data-series', seriesOf(id));
  showIf('segment-message', false);
  showIf('segment-dialog-body', false);
  byId('segment-name').value = nameOf(id);
  if (!dialog.open) dialog.showModal();
  byId('segment-dialog-title').focus();
  dialog.scrollTop = 0;
  loadSegment(id);
}

async function loadSegment(id) {
  sheet.at = Date.now();
  try {
    const detail = await segmentDetail(id, 0);
    if (sheet.id !== id) return;
    showIf('segment-message', false);
    showIf('segment-dialog-body', true);
    updateSegmentDialog(detail);
  } catch (error) {
    if (sheet.id !== id) return;
    write('segment-message', error.status === 404
      ? `There is no segment ${id} in the model: it may have been retired or merged.` : error.message);
    showIf('segment-message', true);
  }
}

function refreshSegmentDialog() {
  if (byId('segment-dialog').open && sheet.id && Date.now() - sheet.at > 5000) loadSegment(sheet.id);
}

function preferenceWords(preference) {
  if (!preference) return null;
  const { values, is_rest: isRest, share, population } = preference;
  const list = new Intl.ListFormat(locale, { type: 'disjunction' }).format(values.map(spoken));
  return `${isRest ? 'other than ' : ''}${list}, ${formatShare(share)} (everyone ${formatShare(population)})`;
}

function updateSegmentDialog(segment) {
  const { id, order_value: order, trend = [], typical = [], transitions = {}, lineage = [] } = segment;
  write('segment-dialog-title', segment.name);
  fillFacts(byId('segment-facts'), [
    ['Id', segment.is_renamed ? `${id}, named by a person` : id],
    ['Members', `${formatCount(segment.members)}, ${formatShare(segment.share)} of all`],
    ['Entered', `${formatNumber(segment.entered_per_minute)} a minute`],
    ['Left', `${formatNumber(segment.left_per_minute)} a minute`],
    ['Volatility', `${formatShare(segment.volatility_per_day)} a day`],
    ['Learned from', `${formatCount(segment.size)} recent vectors`],
    ['Channel', preferenceWords(segment.channel)], ['Category', preferenceWords(segment.category)],
    ['Order value', order && `${formatValue(order.typical, order.unit)} `
      + `(everyone ${formatValue(order.population, order.unit)})`],
  ]);
  drawSpark(byId('segment-trend'), trend.map((point) => point.members));
  const pointWords = ({ members, at }) => `${formatCount(members)} at ${formatTime(at)}`;
  write('segment-trend-text', trend.length > 1
    ? `Members: ${pointWords(trend[0])}, ${pointWords(trend[trend.length - 1])}.` : 'No trend yet.');
  fillRows(byId('segment-typical'), typical, (trait) => trait.feature, (trait) => [
    head(titled(trait.feature)), trait.word ?? '', number(formatValue(trait.typical, trait.unit)),
    number(formatValue(trait.population, trait.unit)), number(formatSigned(trait.effect)),
    strip({ segment: trait.effect, series: seriesOf(id) }), number(formatNumber(trait.weight)),
  ]);
  const span = spanWords(transitions.minutes ?? 60);
  write('segment-in-title', `Came from, ${span}`);
  write('segment-out-title', `Went to, ${span}`);
  fillPassages('segment-in', transitions.in ?? [], ({ from }) => from, 'new customers');
  fillPassages('segment-out', transitions.out ?? [], ({ to }) => to, 'erased');
  const events = lineage.length ? lineage : [{ event: 'none' }];
  reconcile(byId('segment-lineage'), events, ({ event, at }) => `${event} ${at}`, () => element('li'),
    (node, one) => setText(node, lineageWords(one)));
}

function fillPassages(id, passages, otherOf, nowhere) {
  const most = Math.max(1, ...passages.map(({ count }) => count));
  showIf(`${id}-empty`, passages.length === 0);
  setHidden(byId(id).parentElement, passages.length === 0);
  const sorted = [...passages].sort((one, other) => other.count - one.count);
  fillRows(byId(id), sorted, (one) => otherOf(one) ?? '', (one) => {
    const other = otherOf(one);
    return [
      head(reference(other ? { id: other } : null, nowhere)),
      bar(one.count / most, other ? seriesOf(other) : null), number(formatCount(one.count)),
    ];
  });
}

function lineageWords({ event, other, at }) {
  const name = other ? nameOf(other) : 'another segment';
  const words = {
    none: 'Here since the first model.', born: 'Born', retired: 'Retired',
    merged_into: `Became part of ${name}`, split_from: `Came out of ${name}`,
  }[event] ?? titled(event);
  return at ? `${formatDay(at)}: ${words}` : words;
}

byId('segment-dialog').addEventListener('close', () => {
  sheet.id = null;
  if (location.hash.startsWith('#segment=')) history.replaceState(null, '', location.pathname);
});
byId('segment-rename').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { id } = sheet;
  const name = byId('segment-name').value.trim();
  if (!id || name === '') return;
  const answer = await act({
    title: 'Rename the segment', button: 'Rename', needsConfirmation: false,
    text: `“${nameOf(id)}” (${id}) will be called “${name}” here, in changes and in the model.`,
    run: () => request(`/v1/segments/${encodeURIComponent(id)}`, { method: 'PATCH', body: { name } }),
  });
  if (!answer) return;
  announce(`${id} is now called ${answer.name}.`);
  await refreshAll();
  loadSegment(id);
});

// MARK: Actions

const confirmation = { resolve: null, run: null };

/** Does what needs the token. Answers what the daemon said, or null if the person thought better of it. */
async function act({ title, text, button, run, needsConfirmation = true }) {
  let message = '';
  if (token && !needsConfirmation) {
    try {
      return await run();
    } catch (error) {
      message = noteRefusal(error);
    }
  }
  const dialog = byId('confirm-dialog');
  if (dialog.open) dialog.close();
  write('confirm-title', title);
  write('confirm-text', text);
  write('confirm-go', button);
  showConfirmError(message);
  dialog.showModal();
  (token ? dialog.querySelector('[data-close]') : byId('confirm-token')).focus();
  return new Promise((resolve) => Object.assign(confirmation, { resolve, run }));
}

/** What a refusal means. A token that was not accepted is forgotten, so that it is asked for again. */
function noteRefusal(error) {
  if (error.status !== 401) return error.message;
  const message = token ? `The token was not accepted. ${error.message}` : error.message;
  token = null;
  return message;
}

function showConfirmError(message) {
  write('confirm-error', message);
  showIf('confirm-error', message !== '');
  showIf('confirm-token-field', token === null);
}

function settleConfirmation(answer) {
  confirmation.resolve?.(answer);
  confirmation.resolve = null;
}

byId('confirm-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  token = byId('confirm-token').value || token;
  byId('confirm-go').disabled = true;
  try {
    settleConfirmation((await confirmation.run()) ?? {});
    byId('confirm-dialog').close();
  } catch (error) {
    showConfirmError(noteRefusal(error));
    if (token === null) byId('confirm-token').focus();
  } finally {
    byId('confirm-go').disabled = false;
  }
});
byId('confirm-dialog').addEventListener('close', () => {
  byId('confirm-token').value = '';
  settleConfirmation(null);
});
for (const button of document.querySelectorAll('[data-close]')) {
  button.addEventListener('click', () => button.closest('dialog').close());
}

// MARK: Model

const modelSeen = { generation: null, at: 0 };

/** Reads the model again when it has another generation, and now and then for a candidate. */
function followModel(model) {
  const generation = model?.generation ?? null;
  if (generation !== modelSeen.generation) {
    modelSeen.generation = generation;
    state.transforms.clear();
    state.details.clear();
    loadModel();
  } else if (Date.now() - modelSeen.at > 15_000) {
    loadModel();
  }
}

async function loadModel() {
  modelSeen.at = Date.now();
  const answer = await request('/v1/model').catch(() => null);
  if (!answer) return;
  state.model = answer;
  showModel();
  await learnFeatures();
}

const stampFacts = (stamp) => (stamp ? [
  ['Version', formatCount(stamp.version)], ['Generation', formatCount(stamp.generation)],
  ['Segments', formatCount(stamp.segments)], ['Trained', formatDay(stamp.trained_at)],
  ['Feature plan', String(stamp.plan ?? nothing).slice(0, 12)],
] : []);

function showModel() {
  const { live, candidate, comparison, history: earlier = [], features = [], settings } = state.model;
  showIf('model-empty', !live && !candidate);
  showIf('model-body', live || candidate);
  showIf('model-card-link', live);
  fillFacts(byId('model-live'), stampFacts(live));

  write('model-candidate-text', candidate ? comparisonWords(comparison)
    : 'None. When one is trained it is compared with the live model here and waits for approval.');
  byId('model-candidate-text').classList.toggle('empty-text', !candidate);
  showIf('model-candidate-facts', candidate);
  fillFacts(byId('model-candidate-facts'), stampFacts(candidate));
  showIf('model-promote', candidate);
  const moves = (candidate && comparison?.moves) || [];
  showIf('model-moves-scroll', moves.length > 0);
  fillRows(byId('model-moves'), moves, ({ from, to }) => `${from} ${to}`, ({ from, to, count }) => [
    head(reference(from ? { id: from } : null)), reference(to ? { id: to, name: `${to}, new` } : null),
    number(formatCount(count)),
  ]);

  showIf('model-history-empty', earlier.length === 0);
  showIf('model-history-scroll', earlier.length > 0);
  const newestFirst = [...earlier].sort((one, other) => other.version - one.version);
  fillRows(byId('model-history'), newestFirst, (stamp) => stamp.version, (stamp) => [
    head(number(formatCount(stamp.version))), number(formatCount(stamp.generation)),
    number(formatCount(stamp.segments)), formatDay(stamp.trained_at),
    historyAction(stamp, stamp.version === live?.version),
  ]);

  showIf('model-features-details', features.length > 0);
  fillRows(byId('model-features'), features, (feature) => feature.name, (feature) => [
    head(spoken(feature.name)), feature.definition, number(formatNumber(feature.weight)),
    number(formatNumber(feature.mean)), number(formatNumber(feature.scale)),
  ]);
  fillRows(byId('model-settings'), Object.entries(settings ?? {}), ([name]) => name, ([name, value]) => [
    head(name), typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
}

const historyAction = ({ version }, isLive) => ({
  className: 'number',
  draw: (cell) => only(cell, isLive ? 'live' : 'earlier', () => {
    if (isLive) return element('span', { class: 'tag' }, 'live');
    const button = element('button', {
      type: 'button', 'aria-label': `Roll back to version ${formatCount(version)}`,
    }, 'Roll back');
    button.addEventListener('click', () => rollBack(version));
    return button;
  }),
});

function comparisonWords(comparison) {
  if (!comparison) return 'It has not been compared with the live model yet.';
  const { compared, agreement, movers } = comparison;
  return `Of ${plural(compared, 'customer')} compared, ${formatShare(agreement)} would stay in their segment `
    + `and ${formatCount(movers)} would move.`;
}

/** Asks, does it and reads everything anew. */
async function changeModel({ title, button, text, path, body, done }) {
  const answer = await act({ title, button, text, run: () => request(path, { method: 'POST', body }) });
  if (!answer) return;
  announce(`${done} as version ${formatCount(answer.version)}.`);
  refreshAll();
}

const promote = ({ candidate, comparison }) => changeModel({
  title: 'Approve the candidate', button: 'Approve', path: '/v1/model/promote', body: {},
  text: `It goes live at once, with ${plural(candidate.segments, 'segment')}. ${comparisonWords(comparison)} `
    + 'You can roll back afterwards.',
  done: 'The candidate is live',
});

const rollBack = (version) => changeModel({
  title: 'Roll back the model', button: 'Roll back', path: '/v1/model/rollback', body: { to: version },
  text: `Version ${formatCount(version)} goes live again, under a new number. Customers whose segment `
    + 'differs will change, and subscribers will be told.',
  done: 'Rolled back; live',
});

// MARK: Connection

const connection = {
  source: null, failures: 0, lastUpdate: 0, state: 'connecting', timer: null, polls: 0,
  isPollingOnly: false,    // The daemon wants a token for reading, which an EventSource cannot send.
  isAsking: false,
};
const failuresBeforePolling = 3;
const silenceMillisecondsMax = 8000;    // The status comes every second.

function setConnection(name, text) {
  const was = connection.state;
  connection.state = name;
  if (name === 'reconnecting' && was !== name) announce('The connection is lost; trying again.');
  if (name === 'live' && was === 'reconnecting') announce('Connected again.');
  setAttribute(byId('connection'), 'data-state', name);
  write('connection-text', text);
}

/** Opens a stream; `before` is called ahead of each event's handler. */
function listen(address, handlers, before = () => {}) {
  const source = new EventSource(address);
  for (const [name, handle] of Object.entries(handlers)) {
    source.addEventListener(name, ({ data }) => {
      before();
      let record;
      try {
        record = JSON.parse(data);
      } catch {
        return;    // Half a record is worth nothing, and the next one is a second away.
      }
      handle(record);
    });
  }
  return source;
}

function openStream() {
  connection.source = listen('/v1/live', {
    status: showStatus, segments: showSegments, transitions: showTransitions, alert: receiveAlert,
    change: receiveChange, gap: noteGap,
  }, () => {
    const wasLost = connection.failures > 0;
    Object.assign(connection, { lastUpdate: Date.now(), failures: 0 });
    setConnection('live', 'Live');
    // What came and went while nobody listened is read anew.
    if (wasLost) refreshAll();
  });
  connection.source.addEventListener('error', streamFailed);
}

function closeStream() {
  clearTimeout(connection.timer);
  connection.source?.close();
  connection.source = null;
}

/** Starts over with growing pauses; after some failures in a row the page asks for what it would be told. */
function streamFailed() {
  closeStream();
  connection.failures += 1;
  setConnection('reconnecting',
    connection.failures < failuresBeforePolling ? 'Reconnecting' : 'Reconnecting, polling');
  connection.timer = setTimeout(openStream, Math.min(10, 2 ** (connection.failures - 1)) * 1000);
}

async function load(path, show) {
  try {
    show(await request(path));
    return true;
  } catch (error) {
    if (error.status === 401) askForReading();
    return false;
  }
}

const loadStatus = () => load('/v1/status', (status) => {
  connection.lastUpdate = Date.now();
  showStatus(status);
});
const loadSegments = () => load('/v1/segments', showSegments);
const loadDrift = () => load('/v1/drift', showDrift);
const loadTransitions = () => load('/v1/transitions?minutes=60', showTransitions);
const refreshAll = () =>
  Promise.all([loadStatus(), loadSegments(), loadDrift(), loadTransitions(), loadModel()]);

async function poll() {
  const isReached = await loadStatus();
  if (connection.isPollingOnly && !connection.isAsking) {
    setConnection(isReached ? 'live' : 'reconnecting', isReached ? 'Live, polling' : 'Reconnecting');
  }
  if (!isReached) return;
  connection.polls += 1;
  if (connection.polls % 2 === 0) await Promise.all([loadSegments(), loadDrift()]);
  if (connection.polls % 4 === 0) await loadTransitions();
}

async function askForReading() {
  if (connection.isAsking) return;
  Object.assign(connection, { isAsking: true, isPollingOnly: true });
  closeStream();
  setConnection('connecting', 'Token needed');
  const answer = await act({
    title: 'Access token needed', button: 'Continue',
    text: 'This daemon shows what it knows only to those who have its token.',
    run: () => request('/v1/status'),
  });
  connection.isAsking = false;
  if (answer) await Promise.all([refreshAll(), poll()]);
}

function tick() {
  const age = Date.now() - connection.lastUpdate;
  write('connection-time', connection.lastUpdate === 0 ? ''
    : age < 3000 ? 'updated just now' : `updated ${formatDuration(Math.round(age / 1000))} ago`);
  const isPolling = connection.isPollingOnly
    ? token !== null && !connection.isAsking : connection.failures >= failuresBeforePolling;
  if (isPolling && age >= 2500) poll();
  if (!isPolling && connection.state === 'live' && age > silenceMillisecondsMax) streamFailed();
}

// MARK: Addresses and start

/** `#customer=ID` looks a customer up, `#segment=s1` opens a segment; all else are places on the page. */
function route() {
  const [, kind, encoded] = /^#(customer|segment)=(.+)$/s.exec(location.hash) ?? [];
  let id = encoded;
  try {
    id = decodeURIComponent(encoded);
  } catch {
    // A stray percent sign: what was written is what is meant.
  }
  if (kind === 'segment') return openSegment(id);
  if (byId('segment-dialog').open) byId('segment-dialog').close();
  if (kind !== 'customer') return;
  byId('customer-id').value = id;
  // Once more after the answer, because what is above may have grown in the meantime.
  const show = () => byId('customer').scrollIntoView();
  show();
  lookUpCustomer(id).then(show);
}

async function start() {
  showChanges();
  byId('model-promote').addEventListener('click', () => promote(state.model));
  window.addEventListener('hashchange', route);
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showMap);
  new ResizeObserver(showMap).observe(byId('map-picture'));
  new ResizeObserver(balanceCards).observe(byId('segment-cards'));
  setInterval(tick, 1000);
  await refreshAll();
  if (!connection.isPollingOnly) openStream();
  route();
}

start();
