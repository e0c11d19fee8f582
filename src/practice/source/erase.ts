import type { Edits } from './edits.ts';
import { childrenOf, isErased, type Node, type Parsed } from './tree.ts';

/** A range that is there for the compiler only. */
export interface Erased {
  readonly start: number;
  readonly end: number;
}

/** Takes the types out of a file. Gives the ranges that it took. */
export function eraseTypes({ source, tree }: Parsed, edits: Edits): Erased[] {
  const erased: Erased[] = [];
  const take = (start: number, end: number, instead = ' ') => {
    edits.replace(start, end, instead);
    erased.push({ start, end });
  };

  const visit = (node: Node): void => {
    for (const part of ['typeAnnotation', 'typeParameters', 'typeArguments', 'superTypeParameters'] as const) {
      const type: Node | undefined = node[part];
      if (type && !isCast(node)) take(startOfAnnotation(node, type), type.end);
    }
    if (node.returnType) takeReturnType(node, node.returnType);
    switch (node.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSInstantiationExpression':
        take(node.expression.end, node.end);
        break;
      case 'TSTypeAssertion':
        take(node.start, node.expression.start);
        break;
      case 'Identifier':
        if (node.optional && !node.typeAnnotation) take(node.start + node.name.length, node.end);
        break;
      case 'VariableDeclarator':
        if (node.definite && !node.id.typeAnnotation) take(node.id.end, node.end);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.abstract) takeWord(node, 'abstract');
        if (node.implements?.length > 0)
          take(source.lastIndexOf('implements', node.implements[0].start), node.implements.at(-1).end);
        break;
      case 'PropertyDefinition':
      case 'MethodDefinition':
        for (const word of ['public', 'private', 'protected', 'override', 'readonly']) takeWord(node, word);
        break;
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
        if (node.type === 'ImportDeclaration' || !node.declaration) return; // taken out whole, elsewhere
        break;
      default:
    }
    if (isFunction(node) && node.params[0]?.type === 'Identifier' && node.params[0].name === 'this') {
      const [self, next] = node.params as Node[];
      take(self!.start, next?.start ?? self!.end);
      for (const child of childrenOf(node)) if (child !== self) visit(child);
      return;
    }
    for (const part of Object.values(node)) {
      for (const child of Array.isArray(part) ? part : [part])
        if (isNode(child) && isErased(child)) take(child.start, child.end, ';');
    }
    for (const child of childrenOf(node)) visit(child);
  };

  /** `x?: T` and `x!: T` begin at their mark. */
  const startOfAnnotation = (node: Node, type: Node): number => {
    if (node.type === 'Identifier') return node.start + node.name.length;
    if (node.type === 'PropertyDefinition') return node.computed ? source.indexOf(']', node.key.end) + 1 : node.key.end;
    return type.start;
  };

  /** No line may end between the parameters of an arrow function and its arrow: the breaks go behind it. */
  const takeReturnType = (node: Node, type: Node) => {
    if (node.type !== 'ArrowFunctionExpression') return take(type.start, type.end);
    const arrow = source.indexOf('=>', type.end);
    const breaks = source.slice(type.start, arrow).replace(/[^\n]+/g, '');
    edits.replaceLines(type.start, arrow + 2, `=>${breaks}`);
    erased.push({ start: type.start, end: type.end });
  };

  /** A modifier in front of a name: `private readonly x`. */
  const takeWord = (node: Node, word: string): void => {
    const found = new RegExp(`\\b${word}\\b`).exec(source.slice(node.start, (node.key ?? node.body).start));
    if (found !== null) take(node.start + found.index, node.start + found.index + word.length);
  };

  visit(tree);
  return erased;
}

function isCast({ type }: Node): boolean {
  return /^TS(As|Satisfies|Instantiation)Expression$|^TSTypeAssertion$/.test(type);
}

function isFunction({ params }: Node): boolean {
  return Array.isArray(params);
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object' && typeof (value as Node).type === 'string';
}
