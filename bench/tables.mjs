/** Makes the tables of README.md and bench/README.md from results.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { peers } from './peers.mjs';
import { works } from './works.mjs';

const here = name => fileURLToPath(new URL(name, import.meta.url));
export const resultsFile = here('results.json');

/** The files with tables in them: each replaces what stands between two comments. */
export function readmes(results) {
  return { [here('README.md')]: everything(results), [here('../README.md')]: inShort(results) };
}

const BEGIN = '<!-- made by bench/run: begin -->\n';
const END = '<!-- made by bench/run: end -->\n';

export function withTable(text, table) {
  const begin = text.indexOf(BEGIN) + BEGIN.length;
  const end = text.indexOf(END);
  return `${text.slice(0, begin)}\n${table}\n${text.slice(end)}`;
}

export function writeTables() {
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  for (const [file, table] of Object.entries(readmes(results)))
    writeFileSync(file, withTable(readFileSync(file, 'utf8'), table));
}

function everything(results) {
  const parts = [measuredOn(results)];
  for (const [work, rows] of Object.entries(results.works))
    parts.push(`### ${works[work].title}`, comparison(rows, results));
  if (results.scales) parts.push('### As the work grows', scaling(results.scales));
  if (results.process) {
    const each = results.process.map(({ runtime, seconds }) => `- ${runtime}: ${quantiles(seconds, ' s')}`);
    const what = '`longhand train` from start to end, start of Node, loading and 1,000 steps included:';
    parts.push('### The whole program', what, each.join('\n'));
  }
  const missing = Object.entries(results.missing).map(([name, why]) => `- ${peers[name].title}: ${why}`);
  if (missing.length > 0) parts.push('### Not measured', missing.join('\n'));
  return parts.join('\n\n');
}

function inShort(results) {
  return `${comparison(results.works.default, results)}\n\n${measuredOn(results)}`;
}

function measuredOn({ date, machine: { processor, cores, memory, system } }) {
  return `Measured on ${date}, ${processor}, ${cores} cores, ${memory}, ${system}.`;
}

/** The runtimes of some rows, in their order. */
function runtimesOf(rows) {
  return [...new Set(rows.map(({ runtime }) => runtime))];
}

/**
 * A row a peer, a column a Node and number of threads: the milliseconds, and how many times Longhand's they are in the
 * same column. Who is not run by Node stands in all columns, beside the Longhand of each.
 */
function comparison(rows, { versions, machine: { cores } }) {
  const nodes = runtimesOf(rows.filter(({ name }) => name === 'longhand'));
  const columns = [1, 'all'].flatMap(threads => nodes.map(node => ({ threads, node })));
  const headings = columns.map(({ threads, node }) => `${node}, ${threads === 1 ? '1 thread' : `${cores} threads`}`);
  const lines = [`| ms a step | ${headings.join(' | ')} |`, `|---|${columns.map(() => '--:|').join('')}`];
  for (const name of new Set(rows.map(row => row.name))) {
    const ofPeer = rows.filter(row => row.name === name);
    const cells = columns.map(({ threads, node }) => {
      const alike = ofPeer.filter(row => row.threads === threads);
      const row = alike.find(({ runtime }) => runtime === node) ?? alike.find(({ runtime }) => !isNode(runtime));
      if (row === undefined) return '';
      if (name === 'longhand') return figure(median(row.ms));
      const longhand = rows.find(r => r.name === 'longhand' && r.threads === threads && r.runtime === node);
      const times = median(row.ms.map((ms, round) => ms / longhand.ms[round]));
      return `${figure(median(row.ms))} (${figure(times)}×)`;
    });
    lines.push(`| ${titleOf(name, versions, ofPeer)} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

function isNode(runtime) {
  return runtime.startsWith('Node ');
}

/** With the version of the package, or with what a program that is not run by Node says of itself. */
function titleOf(name, versions, [{ runtime }]) {
  const { title, package: of } = peers[name];
  if (!isNode(runtime)) return `${title} (${runtime})`;
  return of === undefined ? title : title.replace(/^[\w.-]+/, word => `${word} ${versions[of]}`);
}

/** Costs beside the smallest among those of the same Node. */
function scaling(scales) {
  const nodes = runtimesOf(scales);
  const cost = ({ samples, hidden, ms }) => (1e6 * median(ms)) / samples / hidden;
  const lines = [
    `| training images | hidden units |${nodes.map(node => ` ${node}, ms a step | ns an image and unit |`).join('')}`,
    `|--:|--:|${nodes.map(() => '--:|--:|').join('')}`,
  ];
  for (const { samples, hidden } of scales.filter(({ runtime }) => runtime === nodes[0])) {
    const cells = nodes.map(node => {
      const ofNode = scales.filter(({ runtime }) => runtime === node);
      const scale = ofNode.find(one => one.samples === samples && one.hidden === hidden);
      const share = cost(scale) / Math.min(...ofNode.map(cost));
      return `${figure(median(scale.ms))} | ${figure(cost(scale))} (${figure(share)}×)`;
    });
    lines.push(`| ${samples.toLocaleString('en')} | ${hidden} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

function quantiles(values, unit) {
  const sorted = [...values].sort((a, b) => a - b);
  return `${figure(median(values))}${unit}, between ${figure(sorted[0])} and ${figure(sorted.at(-1))} in ${values.length} runs`;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits. */
function figure(x) {
  return x >= 100 ? x.toFixed(0) : x.toPrecision(3);
}
