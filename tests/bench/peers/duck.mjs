// Runs a file of SQL in DuckDB: node duck.mjs DATABASE THREADS FILE [NAME=VALUE...]
// ${NAME} in the file becomes VALUE. Statements between "-- timed" and "-- end" are timed; the last
// line of output says how long they took. @duckdb/node-api is looked for in the current folder.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const duckdb = createRequire(join(process.cwd(), 'x.js'))('@duckdb/node-api');
const [, , database, threads, file, ...pairs] = process.argv;
const values = Object.fromEntries(pairs.map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]));
const text = readFileSync(file, 'utf8').replace(/\$\{(\w+)\}/g, (_, name) => values[name]);
const instance = await duckdb.DuckDBInstance.create(database, { threads });
const connection = await instance.connect();

let [timed, seconds, cpu] = [false, 0, 0];
for (const statement of text.split(';').map((s) => s.trim()).filter(Boolean)) {
  if (/^-- timed$/m.test(statement)) timed = true;
  if (/^-- end$/m.test(statement)) timed = false;
  const before = process.cpuUsage();
  const start = process.hrtime.bigint();
  await connection.run(statement);
  if (timed) {
    const used = process.cpuUsage(before);
    seconds += Number(process.hrtime.bigint() - start) / 1e9;
    cpu += (used.user + used.system) / 1e6;
  }
}
connection.closeSync();
console.log(JSON.stringify({ seconds, cpu }));
