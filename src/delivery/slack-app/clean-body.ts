import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';

/** As deep as a view with its state is, with room to spare. */
const DEEPEST = 40;

/** Postgres takes neither NUL nor half a surrogate pair: both leave every text before anybody reads it. */
export const cleanBody: Middleware<AnyMiddlewareArgs> = async ({ body, next }) => {
  clean(body, DEEPEST);
  await next();
};

/** In place, since payload, view and action are parts of the same body. */
function clean(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth === 0) return;
  for (const [key, each] of Object.entries(value)) {
    if (typeof each === 'string') Reflect.set(value, key, cleanText(each));
    else clean(each, depth - 1);
  }
}

export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
