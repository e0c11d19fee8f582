import { tsPlugin } from '@sveltejs/acorn-typescript';
import { Parser, tokTypes } from 'acorn';
import type { SourceError } from '../protocol.ts';

/** A node of a syntax tree: ESTree's, and TypeScript's `TS…`. Its parts are what its `type` says. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };
  // biome-ignore lint/suspicious/noExplicitAny: which parts a node has is known by whoever looked at its type
  readonly [part: string]: any;
}

export interface Parsed {
  readonly file: string;
  readonly source: string;
  readonly tree: Node;
  /** By where they begin. */
  readonly comments: ReadonlyMap<number, { readonly start: number; readonly end: number }>;
}

const TypeScript = Parser.extend(tsPlugin() as unknown as (Base: typeof Parser) => typeof Parser);

/** The syntax tree of a file, with types and all, or what is wrong with it. */
export function parse(file: string, source: string): Parsed | SourceError {
  const comments = new Map<number, { start: number; end: number }>(); // the parser may come by a place twice
  try {
    const tree = TypeScript.parse(source, {
      ecmaVersion: 2024,
      sourceType: 'module',
      locations: true,
      preserveParens: true,
      onComment: (_block, _text, start, end) => void comments.set(start, { start, end }),
    }) as unknown as Node;
    return { file, source, tree, comments };
  } catch (error) {
    const { pos, message } = error as { pos?: number; message: string };
    return { kind: 'syntax', file, ...whatIsWrong(source, pos ?? 0, message) };
  }
}

/** In our words, and where it began: a bracket that is never closed shows only at the end of the file. */
function whatIsWrong(source: string, position: number, message: string): { says: string; line: number } {
  const lineAt = (place: number) => source.slice(0, place).split('\n').length;
  if (/[\0\uFFFD]/.test(source)) return { says: 'it is not written in UTF-8: save it as UTF-8', line: 1 };
  const [, culprit] = /^Unexpected character '(.+)'/su.exec(message) ?? [];
  if (culprit !== undefined)
    return { says: noCharacter(source[position - 1] === '#' ? '#' : culprit), line: lineAt(position) };
  const open = openBrackets(source, position);
  const last = open.at(-1);
  const found = source.slice(position);
  const character = /^\s*(\w+|\S)/.exec(found)?.[1];
  const closing =
    character === undefined ? undefined : ({ ')': '(', ']': '[', '}': '{' } as Record<string, string>)[character];
  const ends = character === undefined || (character === ';' && last?.bracket !== '{');
  if (last !== undefined && (ends || (closing !== undefined && closing !== last.bracket))) {
    return {
      says: `the \`${last.bracket}\` of line ${lineAt(last.position)} is never closed`,
      line: lineAt(last.position),
    };
  }
  if (closing !== undefined && last === undefined) {
    return {
      says: `this \`${character}\` closes nothing: one too many, or its \`${closing}\` is missing`,
      line: lineAt(position),
    };
  }
  if (/^Unterminated (string|template)/.test(message)) {
    return { says: 'a text that begins here has no closing quotation mark', line: lineAt(position) };
  }
  const [, twice] = /^Identifier '(.+)' has already been declared/.exec(message) ?? [];
  if (twice !== undefined) {
    return { says: `\`${twice}\` is declared a second time here: give it another name`, line: lineAt(position) };
  }
  if (character === undefined)
    return { says: 'the file ends in the middle of a statement', line: lineAt(source.trimEnd().length) };
  const at = position + found.indexOf(character);
  if (character === '@') return { says: noCharacter(character), line: lineAt(at) };
  return {
    says: `this line cannot be read from \`${character}\` on; look at what stands just before it`,
    line: lineAt(at),
  };
}

/** A character that means nothing in TypeScript, and what is meant by it. */
function noCharacter(character: string): string {
  if (/[‘’‚‛´]/.test(character)) return `\`${character}\` is a curly quote: in a program it is straight, \`'\``;
  if (/[“”„‟]/.test(character)) return `\`${character}\` is a curly quote: in a program it is straight, \`"\``;
  if (/[−–—]/.test(character)) return `\`${character}\` is not the minus of a program: that is \`-\``;
  if (character === '@') return '`@` is Python’s: a matrix times a vector is `w.mv(x)`, and times a matrix `w.mm(x)`';
  if (character === '#') return '`#` is Python’s: a comment begins with `//`';
  const shown = /[\p{C}\p{Z}]/u.test(character)
    ? `an invisible character (U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`
    : `\`${character}\``;
  return `${shown} means nothing in TypeScript: take it out`;
}

/** The brackets that are open at a position, the innermost last. */
function openBrackets(source: string, position: number): { bracket: string; position: number }[] {
  const open: { bracket: string; position: number }[] = [];
  try {
    for (const { type, start } of Parser.tokenizer(source, { ecmaVersion: 2024, sourceType: 'module' })) {
      if (start >= position) break;
      if (type === tokTypes.parenL || type === tokTypes.bracketL || type === tokTypes.braceL) {
        open.push({ bracket: source[start]!, position: start });
      } else if (type === tokTypes.parenR || type === tokTypes.bracketR || type === tokTypes.braceR) open.pop();
    }
  } catch {
    // what cannot be read any further has been read far enough
  }
  return open;
}

const typesOnly = new Set([
  'typeAnnotation',
  'returnType',
  'typeParameters',
  'typeArguments',
  'superTypeParameters',
  'implements',
  'loc',
]);

/** The nodes directly below this one that are still there once the types are gone, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const part of Object.keys(node)) {
    if (typesOnly.has(part)) continue;
    for (const child of Array.isArray(node[part]) ? node[part] : [node[part]]) {
      if (child !== null && typeof child === 'object' && typeof child.type === 'string' && !isErased(child))
        children.push(child);
    }
  }
  // a shorthand `{ sigma }` has one node as key and as value
  return node.type === 'Property' && node.shorthand ? [node.value] : children;
}

/** Whether a statement or a member of a class is for the compiler only, and gone once types are stripped. */
export function isErased(node: Node): boolean {
  switch (node.type) {
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSDeclareFunction':
    case 'TSIndexSignature':
    case 'TSAbstractMethodDefinition':
    case 'TSAbstractPropertyDefinition':
      return true;
    case 'ImportDeclaration':
      return node.importKind === 'type';
    case 'ExportNamedDeclaration':
      return node.exportKind === 'type' || (node.declaration != null && isErased(node.declaration));
    case 'ExportAllDeclaration':
      return node.exportKind === 'type';
    case 'MethodDefinition':
      return node.abstract === true || node.value.type === 'TSDeclareMethod';
    default:
      return node.declare === true || (node.type === 'PropertyDefinition' && node.abstract === true);
  }
}

/** Every node from this one down, those for the compiler left out. */
export function* nodesOf(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

export function isFunction(node: Node): boolean {
  return (
    node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration'
  );
}

/** What stands inside of parentheses, `as …`, `satisfies …` and `!`. */
export function bare(node: Node): Node {
  switch (node.type) {
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSInstantiationExpression':
      return bare(node.expression);
    default:
      return node;
  }
}

export function lineOf(node: Node): number {
  return node.loc.start.line;
}
