import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type * as z from 'zod';
import { buildStoreError, withStoreErrors } from './storeError.ts';

/** How long a statement waits for another process's lock, in milliseconds; SQLite's own default is 0. */
const busyTimeout = 5000;

/** One SQLite file: prepared statements, rows parsed, errors of the disk as SlipwayError `storeFailed`. */
export class Database {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.path = path;
    const options = { timeout: busyTimeout, enableForeignKeyConstraints: true };
    this.#connection = withStoreErrors(path, () => new DatabaseSync(path, options));
  }

  /** The first row, if there is one. */
  get<T extends z.ZodType>(schema: T, sql: string, ...values: SQLInputValue[]): z.output<T> | undefined {
    const row = this.#guard(() => this.#prepare(sql).get(...values));
    return row === undefined ? undefined : this.#parse(schema, row);
  }

  /** Every row. */
  all<T extends z.ZodType>(schema: T, sql: string, ...values: SQLInputValue[]): readonly z.output<T>[] {
    return this.#guard(() => this.#prepare(sql).all(...values)).map(row => this.#parse(schema, row));
  }

  /** Runs one statement and answers how many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...values).changes));
  }

  /** Runs a script. */
  exec(sql: string): void {
    this.#guard(() => this.#connection.exec(sql));
  }

  /** Runs `work` in one transaction that nobody else can write beside: all of it is durable, or none. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.#connection.isTransaction) {
        this.exec('ROLLBACK');
      }
      throw error;
    }
  }

  dispose(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) {
      this.#guard(() => this.#connection.close());
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) {
      return known;
    }
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #parse<T extends z.ZodType>(schema: T, row: unknown): z.output<T> {
    const result = schema.safeParse(row);
    if (!result.success) {
      throw buildStoreError(result.error, this.path);
    }
    return result.data;
  }

  #guard<T>(work: () => T): T {
    return withStoreErrors(this.path, work);
  }
}
