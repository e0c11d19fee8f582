import { KEPT, RANDOM } from '../../batch/why-not.ts';
import type { FunctionName, Transformed } from '../protocol.ts';
import type { Found } from './functions.ts';
import { definitionOf, type Module } from './modules.ts';
import { type Binding, namesIn } from './scopes.ts';
import { bare, childrenOf, isFunction, lineOf, type Node } from './tree.ts';

/** The methods of arrays, maps, sets and generators that change them. */
const changing = /^(push|pop|shift|unshift|splice|fill|sort|reverse|copyWithin|set|delete|clear|next)$/;
/** The functions of `Object` and `Reflect` that change what they are given first. */
const changesFirst = /^(assign|set|definePropert(y|ies)|deleteProperty)$/;

/** A piece of a file's top level: a function, a class, or a variable with what it is at first. */
interface Part {
  readonly module: Module;
  readonly node: Node;
}

/**
 * Where one of the six functions, or what they use, first writes to what outlives the call: to a variable of the file,
 * `calls += 1`, `state.calls++`, `seen.push(x)`; to one of a function that ran when the file was loaded, as
 * `const next = counter()` has it; to a property of `this`; or to the global object. Or where they first draw by
 * Math.random. What such a program does may depend on how often it was called.
 */
export function findKept(modules: readonly Module[], functions: ReadonlyMap<FunctionName, Found>): Transformed['kept'] {
  const reader = new Reader(modules);
  const parts = reader.partsOf(functions);
  for (const part of parts) reader.load(part);
  for (const part of parts) {
    const found = reader.firstIn(part.node, part.module, undefined, false);
    if (found !== undefined) return found;
  }
  return undefined;
}

class Reader {
  readonly #modules: readonly Module[];
  /** By the identifier that declares it. */
  readonly #parts = new Map<Node, Part>();
  /** The innermost function in which a variable is declared. */
  readonly #functionOf = new Map<Binding, Node>();
  /** The values that parameters have by default or are called with. */
  readonly #given = new Map<Binding, Part[]>();
  /** The functions that run while the files are loaded. */
  readonly #loading = new Set<Node>();

  constructor(modules: readonly Module[]) {
    this.#modules = modules;
    for (const module of modules) {
      for (const { identifier, node } of topLevelOf(module.tree)) this.#parts.set(identifier, { module, node });
      this.#meet(module.tree, module, undefined);
    }
  }

  #meet(node: Node, module: Module, within: Node | undefined): void {
    const binding = module.scopes.declared.get(node);
    if (binding !== undefined && within !== undefined) this.#functionOf.set(binding, within);
    if (isFunction(node)) {
      for (const parameter of node.params)
        if (parameter.type === 'AssignmentPattern') this.#give(parameter, module, parameter.right, module);
    }
    if (node.type === 'CallExpression') {
      const called = this.#calledBy(node, module);
      (called?.node.params as readonly Node[] | undefined)?.forEach((parameter, i) => {
        this.#give(parameter, called!.module, node.arguments[i], module);
      });
    }
    for (const child of childrenOf(node)) this.#meet(child, module, isFunction(node) ? node : within);
  }

  /** A parameter may have this value. */
  #give(parameter: Node, of: Module, value: Node | undefined, from: Module): void {
    const to = of.scopes.declared.get(parameter.type === 'AssignmentPattern' ? parameter.left : parameter);
    if (to === undefined || value === undefined) return;
    this.#given.set(to, [...(this.#given.get(to) ?? []), { module: from, node: value }]);
  }

  /** The learner's own function that a call calls, where its name says which. */
  #calledBy({ callee }: Node, module: Module): Part | undefined {
    const inner = bare(callee);
    if (isFunction(inner)) return { module, node: inner };
    const binding = inner.type === 'Identifier' ? module.scopes.references.get(inner) : undefined;
    if (binding === undefined) return undefined;
    const meant = binding.ofModule ? definitionOf(module, binding.name, this.#modules) : { module, binding };
    const { initial } = meant?.binding ?? {};
    return initial !== undefined && isFunction(initial) ? { module: meant!.module, node: initial } : undefined;
  }

  /** The six functions, and all of the top level that they use. */
  partsOf(functions: ReadonlyMap<FunctionName, Found>): ReadonlySet<Part> {
    const used = new Set<Part>();
    const use = (identifier: Node | undefined) => {
      const part = identifier && this.#parts.get(identifier);
      if (part !== undefined) used.add(part);
    };
    const read = (node: Node, module: Module): void => {
      const binding = node.type === 'Identifier' ? module.scopes.references.get(node) : undefined;
      if (binding?.ofModule) {
        use(binding.identifier);
        use(definitionOf(module, binding.name, this.#modules)?.binding.identifier);
      }
      for (const child of childrenOf(node)) read(child, module);
    };
    for (const [name, { binding }] of functions) if (name !== 'train') use(binding.identifier);
    for (const { node, module } of used) read(node, module);
    return used;
  }

  /** Follows what runs while a part is loaded. */
  load({ node, module }: Part): void {
    if (isFunction(node)) return;
    if (node.type === 'CallExpression') {
      const called = this.#calledBy(node, module);
      if (called !== undefined && !this.#loading.has(called.node)) {
        this.#loading.add(called.node);
        for (const child of childrenOf(called.node)) this.load({ node: child, module: called.module });
      }
    }
    for (const child of childrenOf(node)) this.load({ node: child, module });
  }

  /** `within` is the innermost function; `isNew` says that `this` is only being made in it. */
  firstIn(node: Node, module: Module, within: Node | undefined, isNew: boolean): Transformed['kept'] {
    const said = (name: string, says: string) => ({ name, says, file: module.file, line: lineOf(node) });
    if (within !== undefined) {
      const { references } = module.scopes;
      if (isMember(node, 'Math', 'random') && references.get(node.object) === undefined)
        return said('Math.random', RANDOM);
      if (this.#addsToSet(node, module)) return said(node.callee.object.name, KEPT);
      for (const { target, isWhole } of writtenBy(node)) {
        const name = this.#lasting(target, isWhole, module, within, isNew);
        if (name !== undefined) return said(name, KEPT);
      }
    }
    const isConstructor = node.type === 'MethodDefinition' && node.kind === 'constructor';
    for (const child of childrenOf(node)) {
      // a method begins with a `this` that was there before, an arrow function has that of what is around it
      const makes = isConstructor || (isNew && !(isFunction(child) && child.type !== 'ArrowFunctionExpression'));
      const found = this.firstIn(child, module, isFunction(node) ? node : within, makes);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** `add` is a tensor's as well: of a set it is known by where that is made. */
  #addsToSet({ type, callee }: Node, { scopes }: Module): boolean {
    if (type !== 'CallExpression' || callee.property?.name !== 'add') return false;
    const binding = scopes.references.get(callee.object);
    return binding?.ofModule === true && /Set$/.test(binding.initial?.callee?.name ?? '');
  }

  /** The name of what outlives the call, where a write to `target` changes such a thing. */
  #lasting(
    target: Node,
    isWhole: boolean,
    module: Module,
    within: Node | undefined,
    isNew: boolean,
    seen: ReadonlySet<Binding> = new Set(),
  ): string | undefined {
    const inner = bare(target);
    if (inner.type === 'MemberExpression') {
      const root = this.#lasting(inner.object, false, module, within, isNew, seen);
      return root === 'this' && !inner.computed ? `this.${nameOf(inner.property)}` : root;
    }
    // what a call gives may be anything: `state.get(0).calls++`
    if (inner.type === 'CallExpression' && !isWhole && !isNewlyMade(inner)) return namedFirst(inner);
    if (inner.type === 'ConditionalExpression' || inner.type === 'LogicalExpression') return namedFirst(inner);
    if (inner.type === 'ThisExpression') return isNew || isWhole ? undefined : 'this';
    if (inner.type !== 'Identifier') return undefined;
    const binding = module.scopes.references.get(inner);
    if (binding === undefined) return inner.name === 'arguments' ? undefined : inner.name;
    if (binding.kind === 'import') return undefined;
    const declaring = this.#functionOf.get(binding);
    if (binding.ofModule || (declaring !== within && this.#loading.has(declaring!))) return binding.name;
    // another name for what lasts: `const s = state; s.calls += 1`, or as the parameter of a function
    if (isWhole || seen.has(binding)) return undefined;
    const same = binding.initial === undefined ? this.#given.get(binding) : [{ module, node: binding.initial }];
    if (same === undefined) return binding.name; // a part of something, or assigned later: it may be anything
    for (const { module: from, node } of same) {
      const name = this.#lasting(node, false, from, within, true, new Set([...seen, binding]));
      if (name !== undefined) return name;
    }
    return undefined;
  }
}

/** The functions and methods of JavaScript's own that give a list of their own. */
const making = /^(Array|from|of|map|filter|slice|concat|flat|flatMap|split|fill|keys|values|entries)$/;

function isNewlyMade({ callee }: Node): boolean {
  const inner = bare(callee);
  return making.test(inner.type === 'MemberExpression' ? (inner.property.name ?? '') : (inner.name ?? ''));
}

/** The first name in an expression. */
function namedFirst(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  for (const child of childrenOf(node)) {
    const name = namedFirst(child);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** What a file declares, each with the piece that declares it. */
function topLevelOf(tree: Node): { identifier: Node; node: Node }[] {
  return (tree.body as readonly Node[]).flatMap(statement => {
    const declaration: Node = statement.declaration ?? statement;
    if (declaration.type === 'VariableDeclaration')
      return (declaration.declarations as readonly Node[]).flatMap(node =>
        namesIn(node.id).map(identifier => ({ identifier, node })),
      );
    return declaration.id ? [{ identifier: declaration.id as Node, node: declaration }] : [];
  });
}

/** What a node writes to: a variable as a whole, or a part of what it holds. */
function writtenBy(node: Node): { target: Node; isWhole: boolean }[] {
  const part = (target: Node) => [{ target, isWhole: false }];
  switch (node.type) {
    case 'AssignmentExpression':
      return targetsIn(bare(node.left)).map(target => ({ target, isWhole: true }));
    case 'UpdateExpression':
      return [{ target: node.argument, isWhole: true }];
    case 'UnaryExpression':
      return node.operator === 'delete' ? part(node.argument) : [];
    case 'CallExpression': {
      const callee = bare(node.callee);
      if (callee.type !== 'MemberExpression' || callee.computed) return [];
      if (changing.test(callee.property.name)) return part(callee.object);
      if (/^(Object|Reflect)$/.test(callee.object.name) && changesFirst.test(callee.property.name))
        return node.arguments.slice(0, 1).flatMap(part);
      return [];
    }
    default:
      return [];
  }
}

/** The targets of an assignment: of `[a, state.b] = …` both. */
function targetsIn(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'ObjectPattern':
      return pattern.properties.flatMap((property: Node) => targetsIn(property.value ?? property));
    case 'ArrayPattern':
      return pattern.elements.flatMap((element: Node | null) => (element ? targetsIn(element) : []));
    case 'AssignmentPattern':
      return targetsIn(bare(pattern.left));
    case 'RestElement':
      return targetsIn(bare(pattern.argument));
    default:
      return [pattern];
  }
}

const isMember = (node: Node, object: string, property: string): boolean =>
  node.type === 'MemberExpression' && !node.computed && node.object.name === object && node.property.name === property;

const nameOf = (property: Node): string =>
  property.type === 'PrivateIdentifier' ? `#${property.name}` : property.name;
