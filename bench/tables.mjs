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
  if (results.process)
    parts.push(
      '### The whole program',
      `\`longhand train\` from start to end, start of Node, loading and 1,000 steps included: ${quantiles(results.process, ' s')}.`,
    );
  const missing = Object.entries(results.missing).map(([name, why]) => `- ${peers[name].title}: ${why}`);
  if (missing.length > 0) parts.push('### Not measured', missing.join('\n'));
  return parts.join('\n\n');
}

function inShort(results) {
  const rows = results.works.default.filter(({ newest, name }) => !newest || peers[name] === peers.longhand);
  return `${comparison(rows, results)}\n\n${measuredOn(results)}`;
}

function measuredOn({ date, machine: { processor, cores, memory, system } }) {
  return `Measured on ${date}, ${processor}, ${cores} cores, ${memory}, ${system}.`;
}

/** A row a peer and runtime. Next to the milliseconds stands how many times Longhand's they are, likewise run. */
function comparison(rows, { versions, machine: { cores } }) {
  const lines = [`| | run by | 1 thread, ms a step | | ${cores} threads, ms a step | |`, '|---|---|--:|--:|--:|--:|'];
  for (const { name, runtime, newest } of rows.filter(({ threads }) => threads === 1)) {
    const cell = threads => {
      const row = rows.find(r => r.name === name && r.newest === newest && r.threads === threads);
      if (row === undefined) return '| ';
      const longhand = rows.find(r => r.name === 'longhand' && r.newest === newest && r.threads === threads);
      const times = median(row.ms.map((ms, round) => ms / longhand.ms[round]));
      return `${figure(median(row.ms))} | ${row === longhand ? '' : `${figure(times)}×`}`;
    };
    lines.push(`| ${titleOf(name, versions)} | ${runtime} | ${cell(1)} | ${cell('all')} |`);
  }
  return lines.join('\n');
}

function titleOf(name, versions) {
  const { title, package: of } = peers[name];
  return of === undefined ? title : title.replace(/^[\w.-]+/, word => `${word} ${versions[of]}`);
}

/** Costs beside the smallest among them. */
function scaling(scales) {
  const cost = ({ samples, hidden, ms }) => (1e6 * median(ms)) / samples / hidden;
  const smallest = Math.min(...scales.map(cost));
  const lines = ['| training images | hidden units | ms a step | ns an image and unit | |', '|--:|--:|--:|--:|--:|'];
  for (const scale of scales) {
    const { samples, hidden, ms } = scale;
    const share = `${figure(cost(scale) / smallest)}×`;
    lines.push(
      `| ${samples.toLocaleString('en')} | ${hidden} | ${figure(median(ms))} | ${figure(cost(scale))} | ${share} |`,
    );
  }
  return lines.join('\n');
}

function quantiles(values, unit) {
  const sorted = [...values].sort((a, b) => a - b);
  return `${figure(median(values))}${unit}, between ${figure(sorted[0])} and ${figure(sorted.at(-1))} in ${values.length} runs`;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Three digits. */
function figure(x) {
  return x >= 100 ? x.toFixed(0) : x.toPrecision(3);
}
