// Runs scenarios one after the other, each on an empty database, and says which one failed.

async function run(scenarios, connect, close) {
  const client = await connect();
  for (const [name, scenario] of Object.entries(scenarios)) {
    try {
      await flush(client);
      await scenario(client);
    } catch (error) {
      throw new Error(`The scenario of ${name} failed.`, { cause: error });
    }
  }

  await close(client);
}

const flush = client => client.flushall ? client.flushall() : client.flushAll();

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Asks until the answer is a yes. What it waits for happens soon; the limit is for the case that it never does. */
async function until(condition, what) {
  for (let elapsedMs = 0; elapsedMs < 20_000; elapsedMs += 10) {
    if (await condition()) return;
    await sleep(10);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** Prints "ok" and ends with status 0, or prints what went wrong and ends with status 1. */
const report = promise => promise.then(() => { console.log('ok'); process.exit(0); }, error => { console.error(error); process.exit(1); });

module.exports = { run, until, report };
