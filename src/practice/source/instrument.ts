import { knownGlobals } from '../answerer/allowed.ts';
import type { FunctionName, Site, SourceError } from '../protocol.ts';
import { Edits } from './edits.ts';
import { type Erased, eraseTypes } from './erase.ts';
import type { Found } from './functions.ts';
import { dependenciesOf, exportedNames, type Module } from './modules.ts';
import type { Binding } from './scopes.ts';
import { bare, childrenOf, isErased, isFunction, lineOf, type Node, nodesOf } from './tree.ts';

/** A function of the learner's, as sentences name it. */
interface Within {
  readonly name: string;
  readonly parameters: ReadonlySet<Node>;
}

type Visit = (node: Node, within: Within | undefined) => void;

export interface Instrumented {
  /** The body of a function of `$$`: see `answerer/runtime.ts`, whose methods are what it calls. */
  readonly code: string;
  readonly erased: readonly Erased[];
}

/**
 * Rewrites a module so that it runs under supervision. Every entry of a function and every turn of a loop passes a
 * guard; every value that gets a name inside a function passes a probe; and calls, members and arithmetic go through
 * functions that know their line, so that what fails there fails in words of ours, the same in every JavaScript engine.
 */
export function instrument(
  module: Module,
  modules: readonly Module[],
  functions: ReadonlyMap<FunctionName, Found>,
  sites: Site[],
  errors: SourceError[],
): Instrumented {
  const { file, source, tree, scopes } = module;
  const edits = new Edits(source);
  const erased = eraseTypes(module, edits);
  const dependencies = dependenciesOf(module);

  /** The practical's name of what a binding declares, where it is one of the functions. */
  const canonical = (binding: Binding | undefined): FunctionName | undefined => {
    for (const [name, found] of functions) if (found.module === module && found.binding === binding) return name;
    return undefined;
  };

  const refuse = (node: Node, says: string, kind: SourceError['kind'] = 'forbidden') =>
    errors.push({ kind, says, file, line: lineOf(node) });

  const text = (node: Node) => source.slice(node.start, node.end);
  /** For a sentence: on one line, and not too long. */
  const short = (node: Node): string => {
    const line = text(node).replace(/\s+/g, ' ');
    return line.length > 50 ? `${line.slice(0, 49)}…` : line;
  };
  const at = (node: Node, ...rest: string[]) => [lineOf(node), ...rest.map(part => JSON.stringify(part))].join(',');
  const wrap = (node: Node, prefix: string, inside: () => void) => {
    edits.before(node.start, prefix);
    inside();
    edits.after(node.end, ')');
  };

  const site = (
    within: Within,
    name: string,
    named: Node,
    value: Node,
    rest: { rebinds: boolean; inPlace?: boolean },
  ): number =>
    sites.push({ within: within.name, name, inPlace: false, ...rest, file, line: lineOf(named), text: text(value) }) -
    1;

  /** What a module is called in the code. */
  const moduleName = (name: string) => `$$${dependencies.indexOf(name)}`;

  /** What stands for an imported name. */
  const imported = (name: string): string => {
    const to = module.imports.get(name)!;
    return to.name === '*' ? moduleName(to.module) : `${moduleName(to.module)}.${to.name}`;
  };

  const visitChildren = (node: Node, within: Within | undefined) => {
    for (const child of childrenOf(node)) visit(child, within);
  };

  const visit: Visit = (node, within) => {
    if (isErased(node)) return;
    if (isFunction(node)) return visitFunction(node, within);
    switch (node.type) {
      case 'ImportDeclaration':
        return edits.replace(node.start, node.end, ';');
      case 'ExportAllDeclaration':
        return edits.replace(node.start, node.end, ';');
      case 'ExportNamedDeclaration':
        if (!node.declaration) return edits.replace(node.start, node.end, ';');
        edits.blank(node.start, node.declaration.start);
        return visit(node.declaration, within);
      case 'ExportDefaultDeclaration':
        if (node.declaration.id) edits.blank(node.start, node.declaration.start);
        else {
          edits.replace(node.start, node.declaration.start, 'void (');
          edits.after(node.declaration.end, ')');
        }
        return visit(node.declaration, within);
      case 'Identifier':
        return visitReference(node);
      case 'Property':
        // `{ sigma }` names what it holds by the name that it had
        if (node.shorthand && scopes.references.has(node.value)) edits.before(node.start, `${node.value.name}: `);
        if (node.key.name !== undefined && !node.computed)
          names.set(bare(node.value), { name: node.key.name, binding: undefined });
        return visitChildren(node, within);
      case 'VariableDeclarator':
        return visitDeclarator(node, within);
      case 'AssignmentExpression':
        return visitAssignment(node, within);
      case 'CallExpression':
        return visitCall(node, within);
      case 'NewExpression':
        return visitNew(node, within);
      case 'MemberExpression':
        return visitMember(node, within);
      case 'ChainExpression':
        return visitRaw(node.expression, within);
      case 'BinaryExpression':
        return visitBinary(node, within);
      case 'UnaryExpression':
        return visitUnary(node, within);
      case 'UpdateExpression':
        return visitTarget(node.argument, within);
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
        return visitLoop(node, within);
      case 'CatchClause':
        edits.after(node.body.start + 1, '$$.goOn();');
        return visitChildren(node, within);
      case 'TryStatement':
        if (node.finalizer) edits.after(node.finalizer.start + 1, '$$.goOn();');
        return visitChildren(node, within);
      case 'ThrowStatement':
        return wrap(node.argument, `$$.thrown(${lineOf(node)},`, () => visit(node.argument, within));
      case 'TemplateLiteral':
        // what stands in it is asked for its text, and that is a call that nobody writes
        for (const expression of node.expressions)
          wrap(expression, `$$.inText(${lineOf(expression)},`, () => visit(expression, within));
        return;
      case 'TaggedTemplateExpression':
        visitRaw(node.tag, within);
        return visitChildren(node.quasi, within);
      case 'AwaitExpression':
        if (within === undefined) refuse(node, '`await` may stand inside an `async` function only');
        return visitChildren(node, within);
      case 'ImportExpression':
        refuse(node, 'an `import` stands at the top of the file; it cannot be called like a function', 'import');
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import')
          refuse(node, '`import.meta` is not there: a file learns nothing about where it lies');
        return;
      case 'TSEnumDeclaration':
      case 'TSModuleDeclaration':
      case 'TSImportEqualsDeclaration':
      case 'TSExportAssignment':
      case 'TSParameterProperty':
      case 'Decorator':
        refuse(
          node,
          `\`${short(node).split(/[ ({=]/)[0]}\` is more than a type and is not understood here; write it in plain JavaScript`,
        );
        return;
      default:
        visitChildren(node, within);
    }
  };

  const visitReference = (node: Node) => {
    const binding = scopes.references.get(node);
    if (binding?.kind === 'import') {
      edits.replace(node.start, node.start + node.name.length, imported(node.name));
    } else if (
      scopes.references.has(node) &&
      binding === undefined &&
      node.name !== 'arguments' &&
      !knownGlobals.has(node.name)
    ) {
      if (node.name === 'eval' || node.name === 'Function') {
        refuse(node, `\`${node.name}\` makes code out of text, and is not there: write the code itself`);
      } else edits.replace(node.start, node.start + node.name.length, `$$.unknown(${at(node, node.name)})`);
    }
  };

  const visitFunction: Visit = (node, outer) => {
    const named = nameOfFunction(node);
    const parameters = new Set<Node>(outer !== undefined && named === undefined ? outer.parameters : []);
    const within = { name: named ?? outer?.name ?? 'a function', parameters };
    const name = canonical(bindingOfFunction(node));
    for (const parameter of node.params as Node[]) {
      for (const identifier of identifiersOf(parameter)) parameters.add(identifier);
      visitTarget(parameter, within);
    }
    const guard = `$$.guard(${at(node, within.name)})`;
    if (node.body.type === 'BlockStatement') {
      const instead =
        name !== undefined && node.type === 'FunctionDeclaration'
          ? `if($$.isReplaced("${name}"))return $$.replacement("${name}",arguments);`
          : '';
      edits.after(node.body.start + 1, `${guard};${instead}`);
      apart(() => visitChildren(node.body, within));
    } else {
      wrap(node.body, `(${guard},`, () => apart(() => visit(node.body, within)));
    }
  };

  /** The body of a function is in none of the loops around it. */
  const apart = (inside: () => void) => {
    const around = turning;
    turning = [];
    inside();
    turning = around;
  };

  /** What stands in the brackets of a call: `sum(dim = 0)`. */
  const asArguments = new Set<Node>();

  /** `function f`, or `f` for `const f = …` and `f: …`. */
  const names = new Map<Node, { name: string; binding: Binding | undefined }>();
  const nameOfFunction = (node: Node): string | undefined => {
    const binding = bindingOfFunction(node);
    return canonical(binding) ?? binding?.name ?? names.get(node)?.name;
  };
  const bindingOfFunction = (node: Node): Binding | undefined =>
    names.get(node)?.binding ?? (node.id ? scopes.declared.get(node.id) : undefined);

  const visitDeclarator: Visit = ({ id, init }, within) => {
    visitTarget(id, within);
    if (!init) return;
    const binding = id.type === 'Identifier' ? scopes.declared.get(id) : undefined;
    const value = bare(init);
    if (id.type === 'Identifier') names.set(value, { name: id.name, binding });
    const name = canonical(binding);
    if (name !== undefined) return wrap(init, `$$.replaceable("${name}",`, () => visit(init, within));
    if (within === undefined || isFunction(value) || value.type === 'ClassExpression') return visit(init, within);
    visitNamed(id, init, within, { rebinds: false });
  };

  const visitAssignment: Visit = (node, within) => {
    const { right, operator } = node;
    const left = bare(node.left);
    if (left.type === 'Identifier') {
      const binding = scopes.references.get(left);
      const refusal =
        binding === undefined
          ? 'undeclared'
          : binding.kind === 'const' || binding.kind === 'import'
            ? 'constant'
            : undefined;
      if (refusal !== undefined) {
        const how = refusal === 'undeclared' && asArguments.has(node) ? 'keyword' : refusal;
        edits.replace(node.start, right.start, `$$.${how}(${at(node, left.name)},`);
        visit(right, within);
        return edits.after(node.end, ')');
      }
    }
    visitTarget(left, within);
    const name = left.type === 'Identifier' ? canonical(scopes.references.get(left)) : undefined;
    if (name !== undefined) {
      names.set(bare(right), { name, binding: undefined });
      return wrap(right, `$$.replaceable("${name}",`, () => visit(right, within));
    }
    const compound = /^(\*\*|[-+*/%])=$/.exec(operator)?.[1];
    const isPlain = left.type === 'Identifier' || (left.type === 'MemberExpression' && !left.computed);
    if (compound !== undefined && left.type === 'Identifier') {
      // `a += b` is `a = a + b`
      const how = isSum(left, within) ? 'intoSum' : 'arithmetic';
      edits.replace(
        left.end,
        right.start,
        `=$$.${how}(${at(node, compound, short(left), short(right))},${text(left)},`,
      );
      visit(right, within);
      return edits.after(right.end, ')');
    }
    if (
      operator !== '=' ||
      within === undefined ||
      (!isPlain && left.type !== 'ArrayPattern' && left.type !== 'ObjectPattern')
    ) {
      return visit(right, within);
    }
    if (left.type === 'Identifier' && isFunction(bare(right))) {
      names.set(bare(right), { name: left.name, binding: undefined });
      return visit(right, within);
    }
    visitNamed(left, right, within, { rebinds: isParameter(left, within) });
  };

  const isParameter = (target: Node, { parameters }: Within): boolean => {
    const binding = target.type === 'Identifier' ? scopes.references.get(target) : undefined;
    return binding !== undefined && parameters.has(binding.identifier);
  };

  /** Whether it is one of the four sums that the backward pass is given, after w1, b1, w2, b2, t, x, s1, x1, s2, x2. */
  const isSum = (target: Node, within: Within | undefined): boolean =>
    within?.name === 'backwardPass' &&
    [...within.parameters].indexOf(scopes.references.get(target)?.identifier as Node) >= 10;

  /** A value on its way to a name, or to several. */
  const visitNamed = (target: Node, value: Node, within: Within, rest: { rebinds: boolean }): void => {
    const siteOf = (element: Node | null): number => {
      const identifier = element?.type === 'AssignmentPattern' ? element.left : element;
      if (identifier?.type !== 'Identifier') return -1;
      return site(within, identifier.name, identifier, value, {
        rebinds: rest.rebinds || isParameter(identifier, within),
      });
    };
    let prefix: string;
    if (target.type === 'ArrayPattern') {
      prefix = `$$.elements(${at(value, short(value))},[${target.elements.map(siteOf)}],`;
    } else if (target.type === 'ObjectPattern') {
      const fields = target.properties
        .filter((p: Node) => p.type === 'Property' && !p.computed && p.key.type === 'Identifier')
        .map((p: Node) => `${JSON.stringify(p.key.name)}:${siteOf(p.value)}`);
      prefix = `$$.fields(${at(value, short(value))},{${fields}},`;
    } else {
      const name = target.type === 'MemberExpression' ? target.property.name : target.name;
      const number = site(within, name, target, value, rest);
      if (!mayPause(value)) {
        edits.before(value.start, `$$.attempt(${number},()=>(`);
        visit(value, within);
        edits.after(value.end, '))');
        return;
      }
      prefix = `$$.probe(${number},`;
    }
    wrap(value, prefix, () => visit(value, within));
  };

  /** What is assigned to: its own members are no values that are read. */
  const visitTarget: Visit = (node, within) => {
    switch (node.type) {
      case 'Identifier':
        if (scopes.references.get(node)?.kind === 'import') visitReference(node);
        return;
      case 'MemberExpression':
        return visitRaw(node, within);
      case 'ArrayPattern':
        for (const element of node.elements) if (element) visitTarget(element, within);
        return;
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'Property' && property.computed) visit(property.key, within);
          visitTarget(property.type === 'Property' ? property.value : property, within);
        }
        return;
      case 'AssignmentPattern':
        visitTarget(node.left, within);
        return visit(node.right, within);
      case 'RestElement':
        return visitTarget(node.argument, within);
      default:
        if (bare(node) !== node) visitTarget(node.expression, within);
        else visit(node, within);
    }
  };

  /** A chain of members and calls that stays as it is; only what stands in its brackets is looked at. */
  const visitRaw: Visit = (node, within) => {
    if (node.type === 'MemberExpression') {
      visitRaw(node.object, within);
      if (node.computed) visit(node.property, within);
    } else if (node.type === 'CallExpression') {
      visitRaw(node.callee, within);
      for (const argument of node.arguments) visit(argument, within);
    } else if (bare(node) !== node) visitRaw(node.expression, within);
    else visit(node, within);
  };

  const visitCall: Visit = (node, within) => {
    for (const argument of node.arguments) asArguments.add(argument);
    const callee: Node = node.callee.type === 'TSNonNullExpression' ? node.callee.expression : node.callee;
    const inner = bare(callee);
    const raw =
      callee.type === 'Super' ||
      (callee !== inner && inner.type === 'MemberExpression') ||
      (callee.type === 'MemberExpression' &&
        (callee.object.type === 'Super' || callee.property.type === 'PrivateIdentifier'));
    if (raw) return visitRaw(node, within);
    const comma = node.arguments.length > 0 ? ',' : '';
    if (callee.type === 'MemberExpression') {
      const { object, property, computed } = callee;
      const place = siteOfChange(node, within);
      if (place !== undefined) edits.before(node.start, `$$.changed(${place},`);
      edits.before(node.start, `$$.method(${at(property, short(object))},`);
      visit(object, within);
      if (computed) {
        edits.replace(object.end, skipTo('[', object.end) + 1, ',');
        visit(property, within);
        edits.replace(property.end, skipTo('(', node.typeArguments?.end ?? property.end) + 1, comma);
      } else {
        edits.replace(
          object.end,
          skipTo('(', node.typeArguments?.end ?? property.end) + 1,
          `,${JSON.stringify(property.name)}${comma}`,
        );
      }
      for (const argument of node.arguments) visit(argument, within);
      if (place !== undefined) edits.after(node.end, ')');
      return;
    }
    edits.before(node.start, `$$.call(${at(node, short(callee))},`);
    visit(callee, within);
    edits.replace(node.callee.end, skipTo('(', node.typeArguments?.end ?? node.callee.end) + 1, comma);
    for (const argument of node.arguments) visit(argument, within);
  };

  /** `s1.add_(b1)` gives `s1` another value, as an assignment would. */
  const siteOfChange = (node: Node, within: Within | undefined): number | undefined => {
    const { object, property, computed } = node.callee as Node;
    if (within === undefined || computed || object?.type !== 'Identifier' || !/[^_]_$/.test(property.name))
      return undefined;
    const binding = scopes.references.get(object);
    if (binding === undefined || binding.ofModule) return undefined;
    return site(within, object.name, node, node, { rebinds: false, inPlace: true });
  };

  const visitNew: Visit = (node, within) => {
    const { callee } = node;
    const end = node.typeArguments?.end ?? callee.end;
    edits.replace(node.start, callee.start, `$$.make(${at(node, short(callee))},`);
    visit(callee, within);
    if (source[node.end - 1] === ')' && node.end > end) {
      edits.replace(callee.end, skipTo('(', end) + 1, node.arguments.length > 0 ? ',' : '');
    } else edits.after(node.end, ')');
    for (const argument of node.arguments) visit(argument, within);
  };

  const visitMember: Visit = (node, within) => {
    const { object, property, computed } = node;
    if (object.type === 'Super' || property.type === 'PrivateIdentifier') return visitRaw(node, within);
    edits.before(node.start, `$$.read(${at(property, short(object))},`);
    visit(object, within);
    if (computed) {
      edits.replace(object.end, skipTo('[', object.end) + 1, ',');
      visit(property, within);
      edits.replace(property.end, node.end, ')');
    } else edits.replace(object.end, node.end, `,${JSON.stringify(property.name)})`);
  };

  const visitBinary: Visit = (node, within) => {
    const { left, right, operator } = node;
    if (left.type === 'PrivateIdentifier' || !/^(\*\*|[-+*/%]|[<>]=?)$/.test(operator))
      return visitChildren(node, within);
    edits.before(node.start, `$$.arithmetic(${at(node, operator, short(left), short(right))},`);
    visit(left, within);
    edits.replace(skipTo(operator, left.end), skipTo(operator, left.end) + operator.length, ',');
    visit(right, within);
    edits.after(node.end, ')');
  };

  const visitUnary: Visit = (node, within) => {
    const { operator, argument } = node;
    if (operator === 'typeof' && argument.type === 'Identifier') {
      if (scopes.references.get(argument)?.kind === 'import') visitReference(argument);
    } else if (operator === 'delete') visitRaw(argument, within);
    else if (operator === '-' && argument.type !== 'Literal') {
      edits.replace(node.start, node.start + 1, `$$.negative(${at(node, short(argument))},`);
      visit(argument, within);
      edits.after(node.end, ')');
    } else visitChildren(node, within);
  };

  /** The lines of the loops of the same function in which it is at present, the outermost first. */
  let turning: readonly number[] = [];
  const visitLoop: Visit = (node, within) => {
    const { body } = node;
    const around = turning;
    const guard = `$$.turn(${at(node, within?.name ?? '')},[${around}]);`;
    const isOver = node.type === 'ForOfStatement' || node.type === 'ForInStatement';
    for (const child of childrenOf(node)) {
      if (child === body) {
        if (body.type === 'BlockStatement') edits.after(body.start + 1, guard);
        else edits.before(body.start, `{${guard}`);
        turning = [...around, lineOf(node)];
        visit(body, within);
        turning = around;
        if (body.type !== 'BlockStatement') edits.after(body.end, '}');
      } else if (isOver && child === node.left && child.type !== 'VariableDeclaration') visitTarget(child, within);
      else if (child === node.init && child.type === 'VariableDeclaration') {
        // a counter is no value of the practical's
        for (const { id, init } of child.declarations) {
          visitTarget(id, within);
          if (init) visit(init, within);
        }
      } else visit(child, within);
    }
  };

  /** Where a sign stands next, comments left out. */
  const skipTo = (sign: string, from: number): number => {
    let position = from;
    while (!source.startsWith(sign, position) && position < source.length) {
      position = module.comments.get(position)?.end ?? position + 1;
    }
    return position;
  };

  for (const node of tree.body as Node[]) visit(node, undefined);
  const used = [...scopes.references.keys(), ...scopes.declared.keys()].find(({ name }) => /^\$\$\d*$/.test(name));
  if (used !== undefined) refuse(used, `\`${used.name}\` is a name that this tool needs; take another`);

  const exports = exportedNames(file, modules).flatMap(name => {
    const value = exportedValue(module, name, modules, moduleName);
    return value === undefined ? [] : [`${JSON.stringify(name)}:()=>${value}`];
  });
  const head = [
    '"use strict";',
    ...dependencies.map(name => `const ${moduleName(name)}=$$.module(${JSON.stringify(name)});`),
    `$$.exports({${exports}});`,
  ];
  return { code: head.join('') + edits, erased };
}

/** The expression that gives what a module exports under a name. */
function exportedValue(
  { file, exports, imports }: Module,
  name: string,
  modules: readonly Module[],
  moduleName: (module: string) => string,
): string | undefined {
  const to = exports.get(name);
  if (to === undefined) {
    for (const [key, all] of exports) {
      if (!key.startsWith('* ') || !('module' in all) || all.module === file) continue;
      if (exportedNames(all.module, modules).includes(name)) return `${moduleName(all.module)}.${name}`;
    }
    return undefined;
  }
  const elsewhere = 'module' in to ? to : imports.get(to.local);
  if (elsewhere !== undefined) {
    return elsewhere.name === '*' ? moduleName(elsewhere.module) : `${moduleName(elsewhere.module)}.${elsewhere.name}`;
  }
  return (to as { local: string }).local;
}

function identifiersOf(pattern: Node): Node[] {
  if (pattern.type === 'Identifier') return [pattern];
  if (pattern.type === 'AssignmentPattern') return identifiersOf(pattern.left);
  return childrenOf(pattern).flatMap(identifiersOf);
}

/** Whether an expression has an `await` or a `yield`, which belong to the function that they stand in. */
function mayPause(node: Node): boolean {
  for (const inner of nodesOf(node)) if (/^(Await|Yield)Expression$/.test(inner.type)) return true;
  return false;
}
