// Golden vectors: the output of a vendor's own code for given keys, users and times. They are in the vendor's
// folder, where Rust tests compare our code with them without npm. UPDATE_GOLDEN=1 records them again.
import { readFile, writeFile } from 'node:fs/promises';
import { expect } from '@playwright/test';

/** Compares a vendor's recorded vectors with the current output for the same input. */
export async function expectGolden<Given>(vendor: string, make: (given: Given) => Promise<unknown>): Promise<void> {
  const file = new URL(`../../../server/src/vendors/${vendor}/golden.json`, import.meta.url);
  const { given, made } = JSON.parse(await readFile(file, 'utf8')) as { given: Given; made: unknown };
  const now = await make(given);
  if (process.env.UPDATE_GOLDEN) return writeFile(file, `${JSON.stringify({ given, made: now }, null, 2)}\n`);
  expect(now, 'golden.json is not what these versions make').toEqual(made);
}
