import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript-5.4';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './made-files.ts';

// The rules of the house that a compiler does not check, held against the files. CONTRIBUTING.md explains them.

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const files = filesOf(root);
const sources = files.filter(file => /^src\/.*\.ts$/.test(file));
const pageSources = files.filter(file => /^lab\/.*\.tsx?$/.test(file));
const parsed = new Map(
  [...sources, ...pageSources].map(file => [file, ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true)]),
);

/** The files of the house: those that git knows. A run that somebody made in the clone is none of them. */
function filesOf(house: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: house, encoding: 'utf8' }).split('\0');
  return listed.filter(file => file !== '' && existsSync(join(house, file))).sort();
}

interface Import {
  readonly from: string;
  /** A file of src, `#platform`, or a package. */
  readonly to: string;
  /** Gone once compiled. */
  readonly typeOnly: boolean;
  /** Loaded where it is first needed, and not before. */
  readonly later: boolean;
}

/** Every node of a file, the file first. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

function importsOf(from: string): Import[] {
  const imports: Import[] = [];
  const add = (name: ts.Node | undefined, typeOnly: boolean, later = false) => {
    if (name === undefined || !ts.isStringLiteral(name)) return;
    const to = name.text.startsWith('.') ? posix.join(dirname(from), name.text) : name.text;
    imports.push({ from, to, typeOnly, later });
  };
  for (const node of nodesOf(parsed.get(from)!)) {
    if (ts.isImportDeclaration(node)) {
      const { isTypeOnly = false, name, namedBindings } = node.importClause ?? {};
      const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
      add(node.moduleSpecifier, isTypeOnly || (!name && named.length > 0 && named.every(e => e.isTypeOnly)));
    } else if (ts.isExportDeclaration(node)) {
      const named = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
      add(node.moduleSpecifier, node.isTypeOnly || (named.length > 0 && named.every(e => e.isTypeOnly)));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false, true);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
      // a worker is started by its address
      const [path, base] = node.arguments ?? [];
      if (base?.getText() === 'import.meta.url' && path && /\.[jt]s'$/.test(path.getText())) add(path, false);
    }
  }
  return imports;
}

const imports = sources.flatMap(importsOf);

/** `tensor` for src/tensor/shape.ts, `train` for src/train.ts, `platform` for #platform, the name for a package. */
function partOf(path: string): string {
  if (path === '#platform') return 'platform';
  const [, part] = /^src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path) ?? [];
  return part ?? path;
}

const shown = ({ from, to, typeOnly }: Import) => `${from} knows ${typeOnly ? 'the types of ' : ''}${to}`;

describe('who may know whom', () => {
  const ofNode = ['platform', 'cli', 'run', 'practice', 'ranks', 'sweep'];
  const below = [
    'tensor',
    'six-functions',
    'practical',
    'prologue',
    'engine',
    'batch',
    'settings',
    'train',
    'own-data',
    'problem',
    'story',
    'platform',
  ];
  const mayKnow: Record<string, string[]> = {
    tensor: [],
    'six-functions': ['tensor'],
    practical: ['six-functions', 'tensor'],
    picture: ['tensor', 'platform', 'fast-png', 'fflate', 'jpeg-js'],
    prologue: ['tensor', 'picture', 'platform'],
    engine: ['tensor', 'six-functions', 'practical', 'prologue', 'batch', 'platform'],
    batch: ['tensor', 'six-functions', 'practical', 'engine', 'platform'],
    settings: ['prologue', 'engine'],
    train: ['tensor', 'settings', 'engine', 'platform'],
    'own-data': ['tensor', 'prologue'],
    problem: ['tensor', 'settings', 'prologue', 'engine', 'predict', 'own-data'],
    plateau: ['tensor', 'train'],
    story: ['tensor', 'settings', 'prologue', 'engine', 'problem', 'train'],
    platform: ['undici', '@noble/hashes/sha2.js'],
    predict: ['tensor', 'six-functions', 'practical', 'prologue', 'engine', 'picture', 'platform'],
    compare: ['tensor', 'engine', 'train'],
    ranks: [...below],
    run: [...below, 'picture', 'predict', 'fflate', 'protobufjs'],
    practice: [...below, 'run', 'acorn', '@sveltejs/acorn-typescript', 'fflate'],
    sweep: [...below, 'run', 'compare'],
    index: [...below, 'picture', 'predict', 'run', 'practice'],
    cli: [
      ...below,
      'picture',
      'predict',
      'run',
      'practice',
      'compare',
      'ranks',
      'sweep',
      'plateau',
      'index',
      'commander',
      'fast-png',
    ],
  };

  test.each([...new Set(sources.map(partOf))])('%s', part => {
    const strangers = imports
      .filter(({ from }) => partOf(from) === part)
      .filter(({ to }) => partOf(to) !== part && !mayKnow[part]?.includes(partOf(to)))
      .filter(({ to }) => !to.startsWith('node:') || !ofNode.includes(part));
    expect(strangers.map(shown)).toEqual([]);
  });

  test('train is given its engine and its data: of both it knows the types only', () => {
    const reached = new Set(['src/train.ts']);
    for (const file of reached) {
      for (const { to, typeOnly } of importsOf(file)) if (!typeOnly && to.startsWith('src/')) reached.add(to);
    }
    expect([...reached]).toContain('src/settings/training.ts');
    expect([...reached].filter(file => /^src\/(prologue|engine)\//.test(file))).toEqual([]);
  });

  test('what differs between Node and a browser is reached through #platform', () => {
    const direct = imports.filter(({ from, to }) => to.startsWith('src/platform/') && !ofNode.includes(partOf(from)));
    expect(direct.map(shown)).toEqual([]);
  });

  test('no file knows itself by way of others, types included', () => {
    const knows = new Map<string, string[]>();
    const platform = ['src/platform/node.ts', 'src/platform/browser.ts'];
    for (const { from, to } of imports) {
      const files = to === '#platform' ? platform : [to];
      knows.set(from, [...(knows.get(from) ?? []), ...files.filter(file => parsed.has(file))]);
    }
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      else if (!done.has(file)) for (const next of knows.get(file) ?? []) visit(next, [...way, file]);
      done.add(file);
    };
    for (const file of sources) visit(file, []);
    expect(circles).toEqual([]);
  });

  test('every import is of a file that is there', () => {
    const generated = (file: string) => file.endsWith('.generated.ts');
    const files = imports.filter(({ to }) => to.startsWith('src/') && !generated(to));
    expect(files.filter(({ to }) => !existsSync(`${root}${to}`)).map(shown)).toEqual([]);
  });

  test('of the practice only what is in its folder node runs in Node alone', () => {
    const ofNodeAlone = (file: string) => file.startsWith('src/practice/node/') || file.startsWith('node:');
    const direct = imports.filter(({ from, to }) => /^src\/practice\/(?!node\/)/.test(from) && ofNodeAlone(to));
    expect(direct.map(shown)).toEqual([]);
  });

  /** What is loaded with the package in a browser, each with the import that reached it first. */
  function reachedInBrowser(alsoLater: boolean): Map<string, Import | undefined> {
    const browser = JSON.parse(read('package.json')).imports['#platform']['longhand-source'].browser.slice(2);
    const reached = new Map<string, Import | undefined>([['src/index.ts', undefined]]);
    for (const [file] of reached) {
      for (const found of parsed.has(file) ? importsOf(file) : []) {
        const to = found.to === '#platform' ? browser : found.to;
        if (!found.typeOnly && (alsoLater || !found.later) && !reached.has(to)) reached.set(to, found);
      }
    }
    expect([...reached.keys()]).toContain('src/platform/browser.ts');
    expect([...reached.keys()]).not.toContain('src/platform/node.ts');
    return reached;
  }

  test("the browser's entry reaches no module of Node, and no package", () => {
    const foreign = [...reachedInBrowser(false)].filter(([to]) => !to.startsWith('src/'));
    expect(foreign.map(([, by]) => shown(by!))).toEqual([]);
  });

  test('in a browser packages are loaded where they are needed: for pictures in files, for a checksum by plain http', () => {
    const foreign = [...reachedInBrowser(true).keys()].filter(to => !to.startsWith('src/'));
    expect(foreign.sort()).toEqual(['@noble/hashes/sha2.js', 'fast-png', 'fflate', 'jpeg-js']);
  });
});

describe("the lab's page", () => {
  test('is known to nothing in src but by the folder of the build, to the command that serves it', () => {
    const knowing = sources.flatMap(file =>
      [...read(file).matchAll(/['"`/](lab\/[\w./-]+)/g)]
        .map(([, path]) => `${file}: ${path}`)
        // the command's own file is called lab, too
        .filter(found => found !== 'src/cli/longhand.ts: lab.ts'),
    );
    expect(knowing).toEqual(['src/cli/lab.ts: lab/dist']);
  });

  /** What the page and its worker are made of, later parts included, each with the import that reached it first. */
  function reachedByPage(): Map<string, Import | undefined> {
    const reached = new Map<string, Import | undefined>([
      ['lab/page/main.tsx', undefined],
      ['lab/training/worker.ts', undefined],
    ]);
    for (const [file] of reached)
      for (const found of parsed.has(file) ? importsOf(file) : []) {
        const to = found.to === '#platform' ? 'src/platform/browser.ts' : found.to;
        if (!found.typeOnly && !reached.has(to)) reached.set(to, found);
      }
    return reached;
  }

  test('reaches no module of Node, and no other package than those it is known to be made of', () => {
    const reached = [...reachedByPage()];
    expect(reached.map(([to]) => to)).toContain('src/train.ts');
    const packages = [
      'preact',
      'preact/hooks',
      '@preact/signals',
      'uplot',
      'uplot/dist/uPlot.min.css',
      '@noble/hashes/sha2.js',
    ];
    const ofSources = ['fast-png', 'fflate', 'jpeg-js', 'protobufjs', 'acorn', '@sveltejs/acorn-typescript'];
    const ofEditor = ['commands', 'lang-javascript', 'language', 'lint', 'state', 'view'].map(
      name => `@codemirror/${name}`,
    );
    const known = [...packages, ...ofSources, ...ofEditor, '@lezer/highlight', 'typescript-5.4'];
    const foreign = reached.filter(([to]) => !/^(src|lab)\/|^virtual:/.test(to) && !known.includes(to));
    expect(foreign.map(([, by]) => shown(by!))).toEqual([]);
  });
});

test('the public names begin with the six functions', () => {
  const [first] = parsed.get('src/index.ts')!.statements;
  expect(first!.getText()).toBe(
    "export { backwardPass, dloss, dsigma, forwardPass, loss, sigma } from './practical.ts';",
  );
});

test('no transcendental function comes from the host, whose last bits differ from one to the next', () => {
  const exact = /^(abs|ceil|clz32|floor|fround|imul|max|min|round|sign|sqrt|trunc|[A-Z0-9]+)$/;
  const found: string[] = [];
  for (const [file, tree] of parsed) {
    if (partOf(file) === 'cli' || file.startsWith('lab/')) continue; // what is drawn on a terminal or a page is no result
    for (const node of nodesOf(tree)) {
      if (file === 'src/tensor/random.ts' && node.parent?.getText() === 'Math.random') continue; // where nobody asked for a seed
      const isMath = ts.isIdentifier(node) && node.text === 'Math' && ts.isExpression(node.parent);
      const inexact =
        (isMath && !(ts.isPropertyAccessExpression(node.parent) && exact.test(node.parent.name.text))) ||
        // a power of a whole number is exact where it fits; any other exponent is the host's own business
        (ts.isBinaryExpression(node) &&
          node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken &&
          !/^-?\d+$/.test(node.right.getText()));
      if (inexact)
        found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.parent.getText()}`);
    }
  }
  expect(found).toEqual([]);
});

test('whoever throws an error in the place of another says by which cause, for --debug', () => {
  const isOfCatch = (node: ts.Node): boolean =>
    ts.isCatchClause(node) ||
    (ts.isArrowFunction(node) && ts.isCallExpression(node.parent) && /\.catch$/.test(node.parent.expression.getText()));
  const found: string[] = [];
  for (const [file, tree] of parsed) {
    for (const caught of [...nodesOf(tree)].filter(isOfCatch)) {
      for (const node of nodesOf(caught)) {
        if (!ts.isNewExpression(node) || !/Error$/.test(node.expression.getText())) continue;
        if (/\bcause\b/.test(node.arguments?.at(-1)?.getText() ?? '')) continue;
        found.push(`${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`);
      }
    }
  }
  expect(found).toEqual([]);
});

test('what git ignores, does not know or has lost is not the house', () => {
  const { folder, remove } = temporaryFolder();
  try {
    const write = (file: string, text = '') => {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    for (const file of ['README.md', 'src/index.ts', 'src/gone.ts']) write(file);
    write('.gitignore', 'dist\n');
    git('init', '--quiet');
    git('add', '.');
    for (const file of ['drawn-run/log.csv', 'run/checkpoint.safetensors', 'dist/index.js', 'note.txt']) write(file);
    rmSync(join(folder, 'src/gone.ts'));
    expect(filesOf(folder)).toEqual(['.gitignore', 'README.md', 'src/index.ts']);
  } finally {
    remove();
  }
});

test('a file is named after its idea', () => {
  const vague = /^(utils?|utilities|helpers?|common|misc|shared)\b/i;
  expect(files.filter(file => file.split('/').some(part => vague.test(basename(part))))).toEqual([]);
});

test('no file names a package registry or a folder outside the repository', () => {
  const forbidden = /registry\.(npmjs|yarnpkg)\.|npmmirror\.|\.\.\/shared/;
  const found = files.filter(
    file => file !== '.ci/run' && !/\.(png|gz|npz|wasm)$/.test(file) && forbidden.test(read(file)),
  );
  expect(found).toEqual([]);
});

describe('the map in CONTRIBUTING.md', () => {
  const [, map = ''] = /```\n(README\.md[\s\S]*?)```/.exec(read('CONTRIBUTING.md')) ?? [];
  const paths: string[] = [];
  const above: string[] = [];
  for (const line of map.trimEnd().split('\n')) {
    const [, indent = '', name = ''] = /^( *)(\S+)/.exec(line) ?? [];
    above.length = indent.length / 2;
    paths.push([...above, name].join(''));
    above.push(name);
  }

  test('leads to files that are there, with a word about each', () => {
    const reachable = (path: string) =>
      files.some(file => file === path || (path.endsWith('/') && file.startsWith(path)));
    expect(paths.filter(path => !reachable(path))).toEqual([]);
    expect(
      map
        .trimEnd()
        .split('\n')
        .filter(line => !/^ *\S+ {2,}\S/.test(line)),
    ).toEqual([]);
    expect(paths.length).toBeGreaterThan(10);
  });

  // a folder without lines of its own files stands for all of them
  test('shows every file of src, or the folder that it is one of many in', () => {
    const closed = paths.filter(path => path.endsWith('/') && !paths.some(p => p !== path && p.startsWith(path)));
    expect(sources.filter(file => !paths.includes(file) && !closed.some(folder => file.startsWith(folder)))).toEqual(
      [],
    );
  });

  test('shows every folder', () => {
    const folders = new Set(files.filter(file => file.includes('/')).map(file => `${file.split('/')[0]}/`));
    expect([...folders].filter(folder => !folder.startsWith('.') && !paths.includes(folder))).toEqual([]);
  });
});
