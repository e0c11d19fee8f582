import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { grade } from '../dist/practice/node/grade/grading.js';
import { probeSandbox } from '../dist/practice/node/grade/sandbox.js';
import { solution } from '../src/practice/as-written.ts';
import { exerciseFiles, solutionOf } from '../src/practice/exercises.ts';
import { classReport } from '../src/practice/grade/class-report.ts';
import { csvOf } from '../src/practice/grade/csv.ts';
import { feedbackOf } from '../src/practice/grade/feedback.ts';
import { type Graded, plain } from '../src/practice/grade/graded.ts';
import { asMarkdown } from '../src/practice/grade/markdown.ts';
import { ownerOf } from '../src/practice/grade/names.ts';
import { marked, rubricFrom } from '../src/practice/grade/rubric.ts';
import { withoutNames } from '../src/practice/grade/same.ts';
import { workIn } from '../src/practice/grade/work.ts';
import { findSubmissions } from '../src/practice/node/grade/submissions.ts';
import { type StageVerdict, stageNames } from '../src/practice/verdict.ts';
import { temporaryFolder } from './made-files.ts';
import { outcomesOf } from './outcomes.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);
let made = 0;
/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = join(folder, `class-${made++}`);
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
const zipOf = (files: Readonly<Record<string, string>>, attributes: Zippable = {}): string =>
  join(
    folderOf({
      'download.zip': zipSync({
        ...Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])),
        ...attributes,
      }),
    }),
    'download.zip',
  );

/** What is found, as text: the names, and for each its files or why they are not read. */
const found = (path: string) =>
  Object.fromEntries(
    findSubmissions(path).map(submission => {
      const files = submission.read();
      return [submission.submission, typeof files === 'string' ? files : Object.keys(files).sort()];
    }),
  );

describe('whose it is', () => {
  test.each([
    [
      'Jane Doe_12345_assignsubmission_file_/practical.ts',
      'Jane Doe 12345',
      'Jane Doe',
      '12345',
      false,
      'practical.ts',
    ],
    ['Jane Doe_12345_assignsubmission_file_/a/b.ts', 'Jane Doe 12345', 'Jane Doe', '12345', false, 'a/b.ts'],
    ['Zoë O’Neil_7_assignsubmission_file_practical.ts', 'Zoë O’Neil 7', 'Zoë O’Neil', '7', false, 'practical.ts'],
    ['doejane_12345_67890_practical.ts', 'doejane 12345', 'doejane', '12345', false, 'practical.ts'],
    ['doejane_LATE_12345_67890_practical-2.ts', 'doejane 12345', 'doejane', '12345', true, 'practical.ts'],
    ['doejane_12345_67890_my_own_file.ts', 'doejane 12345', 'doejane', '12345', false, 'my_own_file.ts'],
    ['group_seven_12345_67890_practical.ts', 'group_seven 12345', 'group_seven', '12345', false, 'practical.ts'],
    ['jane/practical.ts', 'jane', null, null, false, 'practical.ts'],
    ['jane.ts', 'jane', null, null, false, 'jane.ts'],
    ['jane.zip', 'jane', null, null, false, 'jane.zip'],
    ['a\u001b[2J\u202eb.ts', 'a [2J b', null, null, false, 'a\u001b[2J\u202eb.ts'],
  ])('%s', (name, submission, student, id, late, path) => {
    expect(ownerOf(name)).toEqual({ submission, student, id, late, path });
  });
});

describe('what is found', () => {
  const download = {
    'Jane Doe_1_assignsubmission_file_/practical.ts': 'a',
    'Jane Doe_1_assignsubmission_onlinetext_/onlinetext.html': '<p>',
    'John Roe_2_assignsubmission_file_/work/activation.ts': 'b',
    'John Roe_2_assignsubmission_file_/work/node_modules/x/index.ts': 'b',
    'John Roe_2_assignsubmission_file_/__MACOSX/._activation.ts': 'b',
  };
  const expected = { 'Jane Doe 1': ['practical.ts'], 'John Roe 2': ['work/activation.ts'] };

  test("in a download of Moodle's, packed and unpacked", () => {
    expect(found(zipOf(download))).toEqual(expected);
    expect(found(folderOf(download))).toEqual(expected);
  });

  test("in one of Canvas's, where the files of all lie side by side", () => {
    const download = {
      'doejane_1_11_practical.ts': '',
      'doejane_1_12_more.ts': '',
      'roejohn_LATE_2_13_practical-1.ts': '',
    };
    const expected = { 'doejane 1': ['more.ts', 'practical.ts'], 'roejohn 2': ['practical.ts'] };
    expect(found(zipOf(download))).toEqual(expected);
    expect(found(folderOf(download))).toEqual(expected);
  });

  test('in a folder of files and folders, and of zips', () => {
    const zip = zipSync({ 'work/practical.ts': strToU8('x') });
    const path = folderOf({
      'a.ts': '',
      'b/practical.ts': '',
      'b/notes.pdf': '',
      'c.zip': zip,
      'marks.xlsx': '',
      '.DS_Store': '',
    });
    expect(found(path)).toEqual({ a: ['a.ts'], b: ['practical.ts'], c: ['work/practical.ts'] });
  });

  test('what holds no program, too: it is in the table, unless it is a list or stands beside a program', () => {
    const files = {
      'ann.ts': '',
      'ann.pdf': '',
      'bob/practical.ts': '',
      'bob.docx': '',
      'guy.py': '',
      'report.pdf': '',
      'work.7z': '',
      ...{ 'marks.csv': '', 'marks.ods': '', 'notes.txt': '', 'README.md': '', '.hidden': '', '.cache/x.py': '' },
    };
    const path = folderOf({ ...files, 'hal/.DS_Store': '' });
    const none = { 'guy.py': [], 'report.pdf': [], 'work.7z': [] };
    expect(found(path)).toEqual({ ann: ['ann.ts'], bob: ['practical.ts'], hal: [], ...none });
    expect(found(zipOf(files))).toEqual({ ann: ['ann.ts'], bob: ['practical.ts'], ...none });
    expect(workIn({})).toBe('there is no TypeScript file in it');
  });

  test("in a download of Moodle's whoever handed in nothing", () => {
    const path = folderOf({ 'Jane Doe_1_assignsubmission_file_/practical.ts': 'a' });
    mkdirSync(join(path, 'John Roe_2_assignsubmission_file_'));
    expect(found(path)).toEqual({ 'Jane Doe 1': ['practical.ts'], 'John Roe 2': [] });
  });

  test('in a zip with one folder around everything', () => {
    expect(found(zipOf({ 'class/a/practical.ts': '', 'class/b.ts': '' }))).toEqual({
      a: ['practical.ts'],
      b: ['b.ts'],
    });
  });

  test('where there is one only: a folder that `learn` made, a file', () => {
    const path = folderOf({ 'activation.ts': '', 'loss.ts': '', 'passes.ts': '', 'training.ts': '' });
    expect(Object.values(found(path))).toEqual([['activation.ts', 'loss.ts', 'passes.ts', 'training.ts']]);
    expect(found(join(path, 'loss.ts'))).toEqual({ loss: ['loss.ts'] });
  });

  test('nothing, and it is said', () => {
    expect(() => found(join(folder, 'nowhere'))).toThrow(/there is no '.*nowhere'/);
    expect(() => found(folderOf({ 'notes.txt': '' }))).toThrow(/there is no submission/);
    expect(() => found(join(folderOf({ 'broken.zip': 'PK' }), 'broken.zip'))).toThrow(/cannot be read/);
  });
});

describe('what is not read', () => {
  test.skipIf(process.platform === 'win32')('links, to files and to folders, and pipes', () => {
    const path = folderOf({ 'a/x.ts': '', 'b/x.ts': '', 'c/x.ts': '', 'd/x.ts': '' });
    symlinkSync('/etc/passwd', join(path, 'a', 'practical.ts'));
    symlinkSync('/etc', join(path, 'b', 'etc'));
    execFileSync('mkfifo', [join(path, 'c', 'practical.ts')]);
    symlinkSync('/etc/passwd', join(path, 'e.ts'));
    const link = (name: string) => `it holds '${name}', which is no ordinary file, and links are not followed`;
    expect(found(path)).toEqual({
      a: link('practical.ts'),
      b: link('etc'),
      c: link('practical.ts'),
      d: ['x.ts'],
      e: link('e.ts'),
    });
  });

  test('a link that comes in the place of a file meanwhile', () => {
    const path = folderOf({ 'a.ts': 'x' });
    const [submission] = findSubmissions(path);
    rmSync(join(path, 'a.ts'));
    symlinkSync('/etc/passwd', join(path, 'a.ts'));
    expect(submission!.read()).toMatch(/cannot be read/);
  });

  test('what a zip holds that is a link, leads out of it, or is more than it may be', () => {
    const file = strToU8('/etc/passwd');
    const path = zipOf(
      { 'good/x.ts': '' },
      {
        'link/x.ts': [file, { os: 3, attrs: 0o120777 << 16 }],
        'device/x.ts': [file, { os: 3, attrs: 0o020666 << 16 }],
        'out/../../x.ts': file,
        '/etc/x.ts': file,
        'large/x.ts': new Uint8Array((1 << 20) + 1),
        'ordinary/x.ts': [file, { os: 3, attrs: 0o100644 << 16 }],
      },
    );
    const refused = (name: string) => expect.stringContaining(`'${name}', which is no ordinary file`);
    expect(found(path)).toEqual({
      good: ['x.ts'],
      ordinary: ['x.ts'],
      link: refused('x.ts'),
      device: refused('x.ts'),
      out: refused('x.ts'),
      etc: refused('x.ts'),
      large: "'x.ts' has more than 1 MB",
    });
  });

  test('a bomb: what says that it is small is unpacked to what it says', () => {
    const bomb = zipSync({ 'a/x.ts': new Uint8Array(8 << 20) });
    const view = new DataView(bomb.buffer);
    // the size in the list at the end, which is what one is asked to believe
    const list = view.getUint32(bomb.length - 6, true);
    view.setUint32(list + 24, 1000, true);
    const path = join(folderOf({ 'bomb.zip': bomb }), 'bomb.zip');
    const [submission] = findSubmissions(path);
    const files = submission!.read();
    expect(typeof files === 'string' ? 0 : files['x.ts']!.length).toBeLessThanOrEqual(1000);
  });

  test('a zip in a zip in a zip', () => {
    const inner = zipSync({ 'practical.ts': strToU8('x') });
    const middle = zipSync({ 'inner.zip': inner });
    const path = folderOf({ 'a.zip': middle, 'b.zip': inner });
    expect(found(path)).toEqual({ a: [], b: ['practical.ts'] });
  });

  test('very many files', () => {
    const files = Object.fromEntries(
      Array.from({ length: 201 }, (_, i) => [`Ann_1_assignsubmission_file_/${i}.ts`, '']),
    );
    expect(found(zipOf(files))).toEqual({ 'Ann 1': 'it has more than 200 programs' });
    const many = zipSync(Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`${i}.txt`, new Uint8Array()])));
    expect(found(folderOf({ 'ann.zip': many }))).toEqual({ ann: 'it cannot be read: more than 2000 files' });
  });
});

describe('which files are judged', () => {
  const all = solution();
  const [sigma] = /export const sigma = .*/.exec(all)!;
  const work = (files: Record<string, string>) => {
    const chosen = workIn(files);
    return typeof chosen === 'string' ? chosen : Object.keys(chosen);
  };

  test.each<[name: string, files: Record<string, string>, expected: string | string[]]>([
    ['practical.ts', { 'a/practical.ts': all, 'a/old.ts': all }, ['practical.ts']],
    ['the only one that exports the six', { 'x.ts': 'export const y = 1;', 'mine.ts': all }, ['mine.ts']],
    ['one with a mistake in its grammar', { 'mine.ts': `${sigma}\nexport const loss = (` }, ['mine.ts']],
    [
      'one and what it imports',
      { 'src/mine.ts': `import { y } from './y.ts';\n${all}`, 'src/y.ts': 'export const y = 1;' },
      ['mine.ts', 'y.ts'],
    ],
    [
      'one and what it imports from above',
      { 'src/mine.ts': `import { y } from '../y';\n${all}`, 'y.ts': 'export const y = 1;' },
      ['src/mine.ts', 'y.ts'],
    ],
    ['the parts, where no file has all', { 'a.ts': sigma, 'b.ts': all.replace(sigma, '') }, ['a.ts', 'b.ts']],
    [
      'JavaScript, where there is nothing else',
      { 'mine.js': all, 'mine.d.ts': 'export declare const sigma: unknown;' },
      ['mine.js'],
    ],
    [
      "learn's folder",
      { 'w/activation.ts': '', 'w/loss.ts': '', 'w/other.ts': all },
      ['activation.ts', 'loss.ts', 'passes.ts', 'training.ts'],
    ],
    [
      'two of a kind',
      { 'a.ts': all, 'b.ts': all },
      'several files export the six functions, and none is practical.ts: a.ts, b.ts',
    ],
    [
      'none',
      { 'a.ts': 'export const y = 1;' },
      'no file in it exports one of the six functions (sigma, dsigma, loss, dloss, forwardPass, backwardPass)',
    ],
    [
      "somebody else's, exported again",
      { 'a.ts': "export const y = 1;\nexport * from '/home/bob/practical.ts';" },
      'it exports none of the six functions of its own, and imports or re-exports what is not in it: ' +
        "a.ts:2: '/home/bob/practical.ts' cannot be imported here; 'longhand/tensor' and your own files can",
    ],
    [
      'those of a folder above',
      { 'a.ts': "export * from '../bob/practical.ts';" },
      'it exports none of the six functions of its own, and imports or re-exports what is not in it: ' +
        "a.ts:1: there is no file '../bob/practical.ts' here",
    ],
    ['nothing at all', { 'notes.md': '' }, 'there is no TypeScript file in it'],
  ])('%s', (_, files, expected) => {
    expect(work(files)).toEqual(expected);
  });
});

const stage = (
  name: StageVerdict['name'],
  verdict: StageVerdict['verdict'],
  more: Partial<StageVerdict> = {},
): StageVerdict => ({
  name,
  verdict,
  points: verdict === 'passed' ? 1 : 0,
  of: 1,
  mistake: null,
  says: '',
  file: null,
  line: null,
  ...more,
});
const graded = (submission: string, stages: StageVerdict[], more: Partial<Graded> = {}): Graded => ({
  submission,
  student: null,
  id: null,
  late: false,
  passed: false,
  score: 0.5,
  stages,
  reason: null,
  files: [],
  program: null,
  ...more,
});

describe('hostile words', () => {
  test('steer no terminal', () => {
    expect(plain('a\u001b[31m\u0007b\r\nc\u202ed\u2028e')).toBe('a [31m b c d e');
  });

  test('are no formula in a spreadsheet', () => {
    const names = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', ' =1', 'a,b', 'a"b', 'plain'];
    const [, ...lines] = csvOf(names.map(name => graded(name, [])))
      .trimEnd()
      .split('\r\n');
    expect(lines.map(line => line.slice(0, -',,,,no,0.5000,,'.length))).toEqual([
      `"'=HYPERLINK(""http://x"")"`,
      `"'+1"`,
      `"'-1"`,
      `"'@SUM(A1)"`,
      `"' =1"`,
      '"a,b"',
      '"a""b"',
      'plain',
    ]);
  });

  test('are neither link nor picture nor tag in a page', () => {
    const hostile = 'your code throws: <img src=x> ![](http://x) [a](b) `c<b>` | # *d* ` odd';
    expect(asMarkdown(hostile)).toBe(
      'your code throws: \\<img src=x\\> \\!\\[\\]\\(http:\\//x\\) \\[a\\]\\(b\\) `c<b>` \\| \\# \\*d\\* ` odd`',
    );
    expect(feedbackOf(graded('<script>', []))).toMatch(/^# \\<script\\>/);
  });
});

describe('points', () => {
  const result = graded('a', [
    stage('sigma', 'passed'),
    stage('dsigma', 'failed'),
    stage('s1', 'passed', { of: 0 }),
    stage('x1', 'passed', { of: 2, points: 2 }),
  ]);

  test('are those of the rubric; what has no name gives its own to what it flows into', () => {
    const { score, stages, passed } = marked(result, rubricFrom('{ "sigma": 3, "dsigma": 2, "s1": 1, "x1": 4 }'));
    expect(score).toBe(8 / 10);
    expect(stages.map(({ points, of }) => [points, of])).toEqual([
      [3, 3],
      [0, 2],
      [0, 0],
      [5, 5],
    ]);
    expect(passed).toBe(false);
  });

  test('are not asked for where the rubric names none; where it does, what is not there is missing', () => {
    expect(marked(result, rubricFrom('{ "sigma": 1 }'))).toMatchObject({ passed: true, score: 1 });
    const { stages, score } = marked(result, rubricFrom('{ "sigma": 1, "loop": 1 }'));
    expect(stages.at(-1)).toMatchObject({ name: 'loop', verdict: 'missing', points: 0, of: 1 });
    expect(score).toBe(0.5);
  });

  test.each([
    ['no JSON', '{', 'no JSON'],
    ['a list', '[]', 'no object'],
    ['an unknown stage', '{ "sigmo": 1 }', "'sigmo', which is no stage"],
    ['points below zero', '{ "sigma": -1 }', 'gives sigma -1 points'],
    ['no points at all', '{}', 'gives no stage a point'],
  ])('are refused where the rubric is %s', (_, text, says) => {
    expect(() => rubricFrom(text)).toThrow(says);
  });
});

describe('the same program', () => {
  const same = (a: string, b: string) => withoutNames({ 'a.ts': a }) === withoutNames({ 'b.ts': b });
  const program = 'export const sigma = (x: any) => { const y = x.tanh(); return y.pow(2); };';

  test.each([
    ['with other names', program.replace(/\by\b/g, 'myOwn').replace(/\bx\b/g, 'v')],
    [
      'with other white space, comments and types',
      `// mine\n${program.replaceAll(' ', '   ').replace('{', '{\n\n').replace(': any', '').replace('};', '}')}`,
    ],
  ])('%s', (_, other) => {
    expect(same(program, other)).toBe(true);
  });

  test.each([
    ['another method', program.replace('tanh', 'exp')],
    ['another number', program.replace('2', '3')],
    ['another value', program.replace('return y', 'return x')],
    ['another function', program.replace('sigma', 'dsigma')],
  ])('is not one with %s', (_, other) => {
    expect(same(program, other)).toBe(false);
  });
});

test('the class report groups by mistake, names the same programs, and gives the rate of each stage', () => {
  const wrong = (mistake: string | null) => [
    stage('sigma', 'passed'),
    stage('dsigma', 'failed', { mistake, says: '`dsigma` is wrong.' }),
  ];
  const report = classReport([
    graded('ann', wrong('sign'), { program: '1' }),
    graded('bob', wrong('square')),
    graded('cem', wrong('sign'), { program: '1' }),
    graded('dan', [stage('sigma', 'passed'), stage('dsigma', 'passed')], { passed: true, program: '2' }),
    graded('eve', [stage('sigma', 'passed'), stage('dsigma', 'passed')], { passed: true, program: '2' }),
    graded('flo', [], { reason: 'it holds a link' }),
  ]);
  expect(report).toContain('# 6 submissions\n\n2 passed.');
  expect(report).toContain('## Stages\n\nOf the 5 that could be judged:\n\n| stage |');
  expect(report).toContain('| `dsigma` | 40 % | 3 | 0 |');
  expect(report.indexOf('### `sign` in `dsigma`: 2\n\nann, cem.')).toBeLessThan(
    report.indexOf('### `square` in `dsigma`: 1\n\nbob.'),
  );
  expect(report).toContain('white space\n\n- ann, cem\n');
  expect(report).not.toContain('dan, eve'); // right programs are all alike
  expect(report).toContain('- flo: it holds a link');

  const some = classReport([graded('ann', wrong('sign')), graded('bob', [...wrong('sign'), stage('step', 'passed')])]);
  expect(some).toContain('## Stages\n\nOf all 2:\n');
  expect(some).toContain('| `step` (of 1) | 100 % | 0 | 0 |');
});

describe('a result whatever happens', () => {
  const submissions = ['x.tanh()', 'x.tanh()'].map((body, i) => ({
    key: String(i),
    submission: {
      ...{ submission: String(i), student: null, id: null, late: false },
      read: () => ({ 'a.ts': `export const sigma = (x: any): any => ${body};` }),
    },
  }));
  const reasons = async (options: { readonly patience?: number }, meanwhile: () => void = () => {}) => {
    const all: (string | null)[] = [];
    const done = grade(submissions, { seed: 1, startedBy: [], jobs: 1, ...options }, ({ reason }) => all.push(reason));
    meanwhile();
    await done;
    return all;
  };

  test('a judge that is killed is replaced', async () => {
    const children = () =>
      execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
        .split('\n')
        .map(line => /^ *(\d+) +(\d+) .*judging\.js/.exec(line))
        .flatMap(found => (Number(found?.[2]) === process.pid ? [Number(found![1])] : []));
    const kill = () => process.kill(children()[0]!, 'SIGKILL');
    expect(await reasons({}, kill)).toEqual([null, null]);
  });

  test('where nothing can be run any more, that is said, and no submission blamed', async () => {
    const all: unknown[] = [];
    const done = grade(submissions, { seed: 1, startedBy: [join(folder, 'gone')], jobs: 1 }, one => all.push(one));
    await expect(done).rejects.toThrow(/grade: no submission can be run any more: .*could not be started/);
    const exits = grade(submissions, { seed: 1, startedBy: ['/bin/false'], jobs: 1 }, one => all.push(one));
    await expect(exits).rejects.toThrow(/grade: no submission can be run any more: .*with code 1/);
    expect(all).toEqual([]);
  });

  test('one that takes too long is ended', async () => {
    const late = 'its judge was not done in time and was stopped';
    expect(await reasons({ patience: 1 })).toEqual([late, late]);
  });
});

describe('longhand grade', () => {
  const program = join(import.meta.dirname, '../dist/cli/longhand.js');
  const command = (args: readonly string[]) => [program, 'grade', ...args, '--isolation', '1'];
  const run = (...args: string[]) => spawnSync(process.execPath, command(args), { cwd: folder, encoding: 'utf8' });
  const small = (body: string) => `export const sigma = (x: any): any => ${body};`;
  const right = small('x.tanh()');
  const digestOf = (path: string): string =>
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .sort()
      .map(name => {
        const file = join(path, name);
        const { mtimeMs } = statSync(file);
        return statSync(file).isFile()
          ? `${name} ${mtimeMs} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`
          : name;
      })
      .join('\n');
  const classOfFive = folderOf({
    ...Object.fromEntries(exerciseFiles.map(file => [`ann/${file}`, solutionOf(file)])), // a folder that `learn` made
    'bob.ts': right,
    'cem.ts': small('x.sigmoid()'),
    'dan_LATE_4_1_practical.ts': small('x.sigmoid( )'),
    'eve.ts': 'export const nothing = 1;',
  });
  const before = digestOf(classOfFive);

  test('judges as check does, writes what it is asked for, and nothing among the submissions', async () => {
    const { isolation } = await probeSandbox();
    const { status, stdout, stderr } = run(
      classOfFive,
      '--out',
      'all',
      '--seed',
      '7',
      '--csv',
      'all.csv',
      '--json',
      'all.json',
    );
    expect(stderr).toContain(`isolation ${isolation}: `);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ann +100 % {2}passed$/m);
    expect(stdout).toMatch(/^cem +0 % {2}sigma sigmoid-for-tanh and \d+ more$/m);
    expect(stdout).toMatch(/^eve +0 % {2}no file in it exports/m);
    expect(stdout).toContain('1 of 5 passed');
    expect(stdout).toContain('2 × sigma sigmoid-for-tanh: cem, dan 4');
    expect(stdout).toContain('the same program but for names: cem, dan 4');
    const json = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'));
    expect(json).toMatchObject({ seed: 7, isolation });
    expect(json.submissions[0]).toMatchObject({ submission: 'ann', passed: true, score: 1, reason: null });
    expect(json.submissions[0].stages.map(({ name }: { name: string }) => name)).toEqual(stageNames);
    expect(json.submissions[3]).toMatchObject({ student: 'dan', id: '4', late: true, passed: false });
    expect(readFileSync(join(folder, 'all.csv'), 'utf8').split('\r\n')[4]).toMatch(
      /^dan 4,dan,4,late,no,0\.0000,failed,missing/,
    );
    expect(readdirSync(join(folder, 'all')).sort()).toEqual(['feedback', 'report.md', 'results.jsonl', 'seed.json']);
    expect(readFileSync(join(folder, 'all/feedback/cem.md'), 'utf8')).toContain(
      '✗ `sigma` failed: `sigma` \\(line 1\\) computes',
    );
    expect(digestOf(classOfFive)).toBe(before);
  });

  test('goes on where it was stopped, however it was cut; the table is the same', async () => {
    const table = ({ stdout }: { stdout: string }) => stdout.replace(/all of it is in .*/, '');
    const whole = run(classOfFive, '--out', 'all', '--seed', '7');
    expect(whole.stderr).toContain('5 of 5 are graded already');

    for (const part of ['1/2', '2/2']) run(classOfFive, '--out', 'parts', '--seed', '7', '--shard', part);
    expect(readdirSync(join(folder, 'parts'))).toContain('results-1-of-2.jsonl');
    const merged = run(classOfFive, '--out', 'parts', '--seed', '7');
    expect(merged.stderr).toContain('5 of 5 are graded already');
    expect(table(merged)).toBe(table(whole));

    // a machine that ended while it wrote a line
    const results = join(folder, 'all/results.jsonl');
    const lines = readFileSync(results, 'utf8').split('\n');
    mkdirSync(join(folder, 'cut'));
    writeFileSync(join(folder, 'cut/seed.json'), '{ "seed": 7 }');
    writeFileSync(join(folder, 'cut/results.jsonl'), `${lines.slice(0, 3).join('\n')}\n${lines[3]!.slice(0, 40)}`);
    const again = run(classOfFive, '--out', 'cut');
    expect(again.stderr).toContain('3 of 5 are graded already');
    expect(table(again)).toBe(table(whole));
    expect(readFileSync(join(folder, 'cut/results.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(5);
  });

  test('grades late work alone, and what was changed, with the seed of the others', () => {
    const path = folderOf({ 'a.ts': right, 'b.ts': right });
    run(path, '--out', 'late');
    const { seed } = JSON.parse(readFileSync(join(folder, 'late/seed.json'), 'utf8'));
    writeFileSync(join(path, 'b.ts'), small('x'));
    writeFileSync(join(path, 'c.ts'), right);
    const { stderr, stdout } = run(path, '--out', 'late', '--json', 'late.json');
    expect(stderr).toContain('1 of 3 are graded already');
    expect(stdout).toMatch(/^b +0 % /m);
    expect(JSON.parse(readFileSync(join(folder, 'late.json'), 'utf8')).seed).toBe(seed);
    expect(run(path, '--out', 'late', '--seed', String(seed + 1)).stderr).toContain(
      `holds a grading with the seed ${seed}`,
    );
  });

  test.skipIf(process.platform === 'win32')('keeps what is done at Ctrl-C, and leaves no process behind', async () => {
    const path = folderOf({ 'a.ts': right, 'z.ts': small('{ while (true) {} }') });
    const child = spawn(process.execPath, command([path, '--out', 'stopped', '--jobs', '1']), { cwd: folder });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text;
    });
    const results = join(folder, 'stopped/results.jsonl');
    await expect.poll(() => existsSync(results), { timeout: 60_000 }).toBe(true);
    const below = (pid: number): number[] =>
      execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
        .split('\n')
        .map(line => line.trim().split(/ +/).map(Number))
        .flatMap(([own, parent]) => (parent === pid ? [own!, ...below(own!)] : []));
    await expect.poll(() => below(child.pid!).length, { timeout: 60_000 }).toBeGreaterThan(1);
    const processes = below(child.pid!);
    child.kill('SIGINT');
    const code = await new Promise(resolve => child.on('exit', resolve));
    expect(code).toBe(130);
    expect(said).toContain(
      'grade: stopped by Ctrl-C; 1 of 2 results are in stopped, and the same command goes on from there',
    );
    const living = () =>
      processes.filter(pid => {
        try {
          return process.kill(pid, 0);
        } catch {
          return false;
        }
      });
    await expect.poll(living, { timeout: 20_000 }).toEqual([]);
    expect(run(path, '--out', 'stopped').stdout).toMatch(/^z +0 % {2}sigma runaway|^z +0 % /m);
  });

  test('refuses what it cannot do, and says so', () => {
    const cases = [[classOfFive, '--out', join(classOfFive, 'out')], [classOfFive, '--shard', '3/2'], ['nowhere']];
    const [among, shard, nowhere] = outcomesOf(
      cases.map(args => ['grade', ...args, '--isolation', '1']),
      { cwd: folder },
    );
    expect(among!.stderr).toContain('lies among the submissions');
    expect(shard!.code).toBe(2);
    expect(nowhere!.stderr).toContain("grade: there is no 'nowhere'");
    const noBubblewrap = spawnSync(process.execPath, [program, 'grade', classOfFive, '--out', 'refused'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: '/nowhere' },
    });
    expect(noBubblewrap.status).toBe(1);
    expect(noBubblewrap.stderr).toMatch(
      /isolation 2, and here it is 1\. .*bubblewrap.* Or accept .* with --isolation 1/,
    );
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  test('refuses a table that it could not write before anything is graded', () => {
    const out = join(folder, 'early');
    const cases = [
      ['--csv', '/nonexistent/x.csv'],
      ['--json', '/nonexistent/x.json'],
      ['--csv', folder],
    ];
    const outcomes = outcomesOf(
      cases.map(args => ['grade', classOfFive, '--out', out, '--isolation', '1', ...args]),
      { cwd: folder },
    );
    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(outcomes[0]!.stderr).toContain('/nonexistent/x.csv: cannot be written: there is no such folder');
    expect(outcomes[1]!.stderr).toContain('/nonexistent/x.json: cannot be written');
    expect(outcomes[2]!.stderr).toContain('is a folder, where a file is to be written');
    expect(existsSync(out)).toBe(false);
  });
});
