import * as tensorModule from '../../tensor/index.ts';
import { knownGlobals } from '../answerer/allowed.ts';
import type { Sources } from '../protocol.ts';
import { namesOf } from '../source/functions.ts';
import { childrenOf, type Node, parse } from '../source/tree.ts';

const theirNames = new Set([...knownGlobals, ...Object.keys(tensorModule), ...Object.values(namesOf).flat()]);

/**
 * What a program is, whatever its names, comments, types and white space: two that give the same text here are copies of
 * each other. Null where a file cannot be read.
 */
export function withoutNames(sources: Sources): string | null {
  const numbers = new Map<string, number>();
  const nameOf = (name: string): string => {
    if (theirNames.has(name)) return name;
    if (!numbers.has(name)) numbers.set(name, numbers.size);
    return `#${numbers.get(name)}`;
  };
  const written = (node: Node, isOwnName = true): string => {
    const { type } = node;
    if (type === 'Identifier') return isOwnName ? nameOf(node.name) : node.name;
    if (type === 'Literal') return JSON.stringify(node.raw ?? node.value);
    if (type === 'TemplateElement') return JSON.stringify(node.value.raw);
    // what names a part of something else is nobody's to choose: `x.tanh`
    const named = node.computed ? undefined : (node.property ?? node.key);
    const children = childrenOf(node).filter(({ type }) => type !== 'ImportDeclaration' && type !== 'EmptyStatement');
    return `${type}${node.operator ?? ''}(${children.map(child => written(child, child !== named)).join()})`;
  };
  const parts: string[] = [];
  for (const [file, source] of Object.entries(sources)) {
    const parsed = parse(file, source);
    if ('says' in parsed) return null;
    parts.push(written(parsed.tree));
  }
  return parts.join('\n');
}
