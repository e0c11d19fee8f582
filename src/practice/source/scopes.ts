import { bare, childrenOf, isFunction, type Node } from './tree.ts';

/** A name as it was declared. */
export interface Binding {
  readonly name: string;
  readonly kind: 'import' | 'const' | 'let' | 'var' | 'function' | 'class' | 'parameter' | 'catch';
  /** The identifier that declares it. */
  readonly identifier: Node;
  /** Whether the whole module sees it. */
  readonly ofModule: boolean;
  /** The function, or whatever else stands right of `=` where it is declared. */
  readonly initial: Node | undefined;
}

export interface Scopes {
  /** What each identifier that is read or written stands for; undefined where nothing declares it. */
  readonly references: ReadonlyMap<Node, Binding | undefined>;
  readonly ofModule: ReadonlyMap<string, Binding>;
  /** By the identifiers that declare them. */
  readonly declared: ReadonlyMap<Node, Binding>;
}

class Scope {
  readonly names = new Map<string, Binding>();
  readonly outer: Scope | undefined;
  /** Where `var` goes. */
  readonly ofFunction: Scope;

  constructor(outer: Scope | undefined, isFunction: boolean) {
    this.outer = outer;
    this.ofFunction = isFunction || outer === undefined ? this : outer.ofFunction;
  }

  find(name: string): Binding | undefined {
    return this.names.get(name) ?? this.outer?.find(name);
  }
}

/** Which name means what, as JavaScript has it: by blocks, functions and the module. */
export function scopesOf(tree: Node): Scopes {
  const module = new Scope(undefined, true);
  const scopeOf = new Map<Node, Scope>([[tree, module]]);
  const declared = new Map<Node, Binding>();

  const declare = (scope: Scope, identifier: Node, kind: Binding['kind'], initial?: Node) => {
    const known = scope.names.get(identifier.name);
    const binding = { name: identifier.name, kind, identifier, ofModule: scope === module, initial };
    if (known === undefined || kind !== 'var') scope.names.set(identifier.name, binding);
    declared.set(identifier, scope.names.get(identifier.name)!);
  };

  const collect = (node: Node, scope: Scope): void => {
    let inner = scope;
    if (isFunction(node)) {
      if (node.type === 'FunctionDeclaration' && node.id) declare(scope, node.id, 'function', node);
      inner = new Scope(scope, true);
      if (node.type === 'FunctionExpression' && node.id) declare(inner, node.id, 'function', node);
      for (const parameter of node.params) for (const name of namesIn(parameter)) declare(inner, name, 'parameter');
    } else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      if (node.type === 'ClassDeclaration' && node.id) declare(scope, node.id, 'class', node);
      inner = new Scope(scope, false);
      if (node.type === 'ClassExpression' && node.id) declare(inner, node.id, 'class', node);
    } else if (node.type === 'CatchClause') {
      inner = new Scope(scope, false);
      if (node.param) for (const name of namesIn(node.param)) declare(inner, name, 'catch');
    } else if (/^(BlockStatement|For(In|Of)?Statement|SwitchStatement|StaticBlock)$/.test(node.type)) {
      inner = new Scope(scope, node.type === 'StaticBlock');
    } else if (node.type === 'VariableDeclaration') {
      for (const { id, init } of node.declarations) {
        const initial = id.type === 'Identifier' && init ? bare(init) : undefined;
        for (const name of namesIn(id))
          declare(node.kind === 'var' ? scope.ofFunction : scope, name, node.kind, initial);
      }
    } else if (node.type === 'ImportDeclaration') {
      for (const specifier of node.specifiers) {
        if (specifier.importKind !== 'type') declare(module, specifier.local, 'import');
      }
    }
    if (inner !== scope) scopeOf.set(node, inner);
    for (const child of childrenOf(node)) collect(child, inner);
  };
  collect(tree, module);

  const references = new Map<Node, Binding | undefined>();
  const resolve = (node: Node, outer: Scope): void => {
    const scope = scopeOf.get(node) ?? outer;
    if (node.type === 'Identifier') {
      if (!declared.has(node)) references.set(node, scope.find(node.name));
      return;
    }
    for (const child of childrenOf(node)) if (!isLabel(node, child)) resolve(child, scope);
  };
  resolve(tree, module);
  return { references, ofModule: module.names, declared };
}

/** The identifiers that a pattern declares: `a`, `[a, b]`, `{ a, b: c }`, `a = 1`, `...a`. */
export function namesIn(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property: Node) =>
        namesIn(property.type === 'Property' ? property.value : property),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element: Node | null) => (element ? namesIn(element) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}

/** Whether an identifier directly below a node is a mere word there: `.mul`, `{ mul: … }`, `export { … }`. */
function isLabel(node: Node, child: Node): boolean {
  if (child.type !== 'Identifier') return false;
  switch (node.type) {
    case 'MemberExpression':
      return child === node.property && !node.computed;
    case 'Property':
      return child === node.key && !node.computed && !node.shorthand;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return child === node.key && !node.computed;
    case 'ImportSpecifier':
      return child === node.imported && child !== node.local;
    case 'ExportSpecifier':
    case 'ExportAllDeclaration':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return true;
    default:
      return false;
  }
}
