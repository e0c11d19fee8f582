import { nearest } from '../answerer/nearest.ts';
import type { FunctionFacts, FunctionName, Loop, Transformed } from '../protocol.ts';
import type { Erased } from './erase.ts';
import { type Found, functionNames, namesOf } from './functions.ts';
import { type Definition, definitionOf, exportedNames, type Module } from './modules.ts';
import type { Binding } from './scopes.ts';
import { bare, childrenOf, isFunction, lineOf, type Node, nodesOf } from './tree.ts';

/** What can be told of a function by reading it. */
export function factsOf(found: Found, erased: readonly Erased[]): FunctionFacts {
  const { module, binding, exportedAs, exportedFrom } = found;
  const written = functionOf(binding);
  const parameters: Node[] = written?.params ?? [];
  return {
    exportedAs,
    exportedFrom,
    file: module.file,
    line: lineOf(binding.identifier),
    parameters: parameters.map(parameter => nameOfParameter(parameter, module)),
    returns: written === undefined || alwaysReturns(written.body),
    characters: charactersOf(found, erased),
    emptyReturn: written === undefined ? undefined : emptyReturnIn(written.body),
    untouched: written !== undefined && isStub(written.body),
    changes: written === undefined ? {} : changesIn(written, module),
  };
}

function functionOf({ initial }: Binding): Node | undefined {
  return initial !== undefined && isFunction(initial) ? initial : undefined;
}

function nameOfParameter(parameter: Node, { source }: Module): string {
  if (parameter.type === 'AssignmentPattern')
    return parameter.left.name ?? source.slice(parameter.start, parameter.end);
  return parameter.name ?? source.slice(parameter.start, parameter.end);
}

/** Whether the end of a statement, or of an expression as a body, is never reached. */
function alwaysReturns(node: Node): boolean {
  switch (node.type) {
    case 'ReturnStatement':
      return node.argument !== null;
    case 'ThrowStatement':
      return true;
    case 'BlockStatement':
      return node.body.some(alwaysReturns);
    case 'IfStatement':
      return alwaysReturns(node.consequent) && node.alternate !== null && alwaysReturns(node.alternate);
    case 'TryStatement':
      return (
        (alwaysReturns(node.block) && (node.handler === null || alwaysReturns(node.handler.body))) ||
        (node.finalizer !== null && alwaysReturns(node.finalizer))
      );
    case 'SwitchStatement': {
      const last = node.cases.at(-1);
      return last !== undefined && node.cases.some((c: Node) => c.test === null) && last.consequent.some(alwaysReturns);
    }
    case 'WhileStatement':
    case 'ForStatement':
      return false;
    default:
      return !/Statement$|Declaration$/.test(node.type);
  }
}

/** The line of the first `return` with nothing behind it and an expression below it, which does not belong to it. */
function emptyReturnIn(node: Node): number | undefined {
  const statements: readonly Node[] = node.type === 'BlockStatement' ? node.body : [];
  const found = statements.find(
    ({ type, argument }, i) =>
      type === 'ReturnStatement' && argument === null && statements[i + 1]?.type === 'ExpressionStatement',
  );
  if (found !== undefined) return lineOf(found);
  for (const child of childrenOf(node)) {
    const line = isFunction(child) ? undefined : emptyReturnIn(child);
    if (line !== undefined) return line;
  }
  return undefined;
}

/** As `learn` hands it out: `throw new Error('not written yet')` and nothing else. */
function isStub(body: Node): boolean {
  const [only, ...others] = body.type === 'BlockStatement' ? (body.body as Node[]) : [];
  return (
    others.length === 0 && only?.type === 'ThrowStatement' && only.argument.arguments?.[0]?.value === 'not written yet'
  );
}

/** The calls that change a parameter in place. */
function changesIn(written: Node, { scopes }: Module): FunctionFacts['changes'] {
  const changes: Record<string, { method: string; line: number }[]> = {};
  const own = new Set<string>();
  for (const parameter of written.params as Node[])
    for (const node of nodesOf(parameter)) if (node.type === 'Identifier') own.add(node.name);
  for (const node of nodesOf(written.body)) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.callee.computed) continue;
    const { object, property } = node.callee;
    const inner = bare(object);
    if (inner.type !== 'Identifier' || !property.name.endsWith('_')) continue;
    if (scopes.references.get(inner)?.kind !== 'parameter' || !own.has(inner.name)) continue;
    changes[inner.name] = [...(changes[inner.name] ?? []), { method: property.name, line: lineOf(property) }];
  }
  return changes;
}

function charactersOf({ module, binding }: Found, erased: readonly Erased[]): number {
  const { source, tree, comments } = module;
  const statement = (tree.body as Node[]).find(
    ({ start, end }) => start <= binding.identifier.start && binding.identifier.end <= end,
  )!;
  const start: number = (statement.declaration ?? statement).start;
  const gone = [...erased, ...comments.values()].filter(range => start <= range.start && range.end <= statement.end);
  let text = '';
  let at = start;
  for (const range of gone.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (range.start < at) continue;
    text += source.slice(at, range.start);
    at = range.end;
  }
  text += source.slice(at, statement.end);
  const lines = text.split(/\r?\n/).map(line => line.trimEnd());
  return lines.filter(line => line !== '').join('\n').length + 1;
}

/** Functions of arrays that call what they are given once for each entry. */
const arrayLoops = new Set(
  'map forEach reduce reduceRight filter some every find findIndex findLast findLastIndex flatMap sort toSorted'.split(
    ' ',
  ),
);

const loopStatements: Readonly<Record<string, string>> = {
  ForStatement: 'for',
  ForOfStatement: 'for-of',
  ForInStatement: 'for-in',
  WhileStatement: 'while',
  DoWhileStatement: 'do',
};

/** What kind of a loop a node is, if it is one. */
function kindOfLoop(node: Node): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return loopStatements[node.type];
  const { object, property, computed } = node.callee;
  const name: string | undefined = computed ? property.value : property.name;
  const first: Node | undefined = node.arguments[0] && bare(node.arguments[0]);
  if (name === 'from' && node.arguments.length > 1) return `${object.name ?? 'Array'}.from`;
  if (name === undefined || !arrayLoops.has(name) || first === undefined) return undefined;
  return /^(Literal|TemplateLiteral|ObjectExpression|ArrayExpression)$/.test(first.type) ? undefined : name;
}

/** What gets another value within a node: `s1 = …`, `s1.add_(…)`, `s1.select(0, i).add_(…)`, `rows.push(…)`. */
function changedIn(node: Node): string[] {
  const names = new Set<string>();
  for (const inner of nodesOf(node)) {
    const isChange =
      inner.type === 'CallExpression' &&
      inner.callee.type === 'MemberExpression' &&
      /[^_]_$|^push$/.test(inner.callee.property.name ?? '');
    let target: Node | undefined =
      inner.type === 'AssignmentExpression' ? bare(inner.left) : isChange ? bare(inner.callee.object) : undefined;
    while (target !== undefined && target.type !== 'Identifier')
      target = target.type === 'CallExpression' ? target.callee : target.object && bare(target.object);
    if (target !== undefined) names.add(target.name);
  }
  return [...names];
}

/** A piece of the learner's code that has a name: what the module declares, and each function with a name. */
interface Unit extends Definition {
  readonly loops: readonly Omit<Loop, 'within' | 'file'>[];
  /** The units that it names, and so may call. */
  readonly uses: Set<Unit>;
}

/** The loops in each of the functions and in whatever of the learner's own it uses, the other functions left out. */
export function findLoops(modules: readonly Module[], functions: ReadonlyMap<FunctionName, Found>): Loop[] {
  const units = unitsOf(modules);
  const unitOf = ({ binding }: Definition) => units.get(binding.initial);
  const loops: Loop[] = [];
  for (const [name, found] of functions) {
    const unit = unitOf(found);
    if (unit === undefined) continue;
    const others = new Set([...functions.values()].map(unitOf));
    const reached = new Set([unit]);
    for (const unit of reached) {
      for (const loop of unit.loops) loops.push({ within: name, file: unit.module.file, ...loop });
      if (callsItself(unit)) {
        const line = lineOf(unit.binding.identifier);
        loops.push({ within: name, kind: 'recursion', changes: [], file: unit.module.file, line });
      }
      for (const used of unit.uses) if (!others.has(used)) reached.add(used);
    }
  }
  return loops;
}

/** By what stands right of the `=` where they are declared. */
function unitsOf(modules: readonly Module[]): Map<Node | undefined, Unit> {
  const units = new Map<Node | undefined, Unit>();
  const bodies: { unit: Unit; uses: { module: Module; binding: Binding }[] }[] = [];
  for (const module of modules) {
    const { scopes, tree } = module;
    const ownerOf = new Map<Node, Binding>(); // by the node whose code belongs to it
    for (const binding of scopes.declared.values()) {
      if (binding.initial !== undefined && (binding.ofModule || isFunction(binding.initial))) {
        // `const f = function g() {}` has two names: the first one is what others know it by
        if (!ownerOf.has(binding.initial)) ownerOf.set(binding.initial, binding);
      }
    }
    const walk = (node: Node, body: (typeof bodies)[number] | undefined): void => {
      const binding = ownerOf.get(node);
      let inner = body;
      if (binding !== undefined) {
        const loops: Unit['loops'] = [];
        inner = { unit: { module, binding, loops, uses: new Set() }, uses: [] };
        units.set(node, inner.unit);
        bodies.push(inner);
      }
      const kind = kindOfLoop(node);
      if (kind !== undefined && inner !== undefined) {
        const place = node.type === 'CallExpression' ? node.callee.property : node;
        (inner.unit.loops as Unit['loops'][number][]).push({ kind, changes: changedIn(node), line: lineOf(place) });
      }
      const named = node.type === 'Identifier' ? scopes.references.get(node) : undefined;
      if (named !== undefined && inner !== undefined) inner.uses.push({ module, binding: named });
      for (const child of childrenOf(node)) walk(child, inner);
    };
    walk(tree, undefined);
  }
  for (const { unit, uses } of bodies) {
    for (const { module, binding } of uses) {
      const meant = binding.ofModule ? definitionOf(module, binding.name, modules)?.binding : binding;
      const used = meant && units.get(meant.initial);
      if (used !== undefined) unit.uses.add(used);
    }
  }
  return units;
}

/** Whether a function comes back to itself through functions. */
function callsItself(unit: Unit): boolean {
  if (functionOf(unit.binding) === undefined) return false;
  const reached = new Set<Unit>();
  const add = ({ uses }: Unit) => {
    for (const used of uses) if (functionOf(used.binding) !== undefined) reached.add(used);
  };
  add(unit);
  for (const used of reached) add(used);
  return reached.has(unit);
}

/** Names that were probably meant to be one of the functions, for those that are not exported. */
export function findMisspelt(
  modules: readonly Module[],
  functions: ReadonlyMap<FunctionName, Found>,
): Transformed['misspelt'] {
  const misspelt: { name: string; meant: FunctionName; file: string; line: number }[] = [];
  const missing = functionNames.filter(name => !functions.has(name));
  const right = new Set(functionNames.flatMap(name => namesOf[name]));
  for (const module of modules) {
    for (const meant of missing) {
      for (const name of namesOf[meant]) {
        const binding = module.scopes.ofModule.get(name);
        if (binding === undefined || binding.kind === 'import') continue;
        misspelt.push({ name, meant, file: module.file, line: lineOf(binding.identifier) });
      }
    }
    for (const name of exportedNames(module.file, modules)) {
      if (right.has(name)) continue;
      const near = meantBy(name, missing);
      if (near !== undefined)
        misspelt.push({ name, meant: near, file: module.file, line: module.exports.get(name)?.line ?? 1 });
    }
  }
  return misspelt;
}

function meantBy(name: string, missing: readonly FunctionName[]): FunctionName | undefined {
  const near = nearest(
    name,
    missing.flatMap(meant => namesOf[meant]),
  );
  const begun = /^(forward|backward|train)/i.exec(name)?.[1]?.toLowerCase();
  return missing.find(meant =>
    near !== undefined ? namesOf[meant].includes(near) : begun !== undefined && meant.startsWith(begun),
  );
}
