// A Chromium that a scenario in Python tells what to do (browser.py): a line of JSON in, {code, with},
// a line of JSON out, {value} or {error}. `code` is the body of an async function of page, context,
// given and axe.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const require = createRequire(`${process.env.PAGE_MODULES}/package.json`);
const {chromium} = require("playwright-core");
const options = JSON.parse(process.argv[2]);
const problems = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
});
const context = await browser.newContext({viewport: {width: 1280, height: 900}, reducedMotion: "reduce", ...options.context});
context.setDefaultTimeout(20000);

function watch(page) {
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(options.url)) problems.push(`request: ${request.url()}`);
  });
}
context.on("page", watch);
const page = await context.newPage();

// Serious faults of accessibility, as text.
async function axe() {
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(() => globalThis.axe.run(document, {resultTypes: ["violations"]}));
  return found.violations.flatMap((fault) =>
    fault.nodes.slice(0, 3).map((node) => `${fault.id} (${fault.impact}): ${node.html.slice(0, 200)} ${node.failureSummary}`));
}

const AsyncFunction = (async () => {}).constructor;
for await (const line of createInterface({input: process.stdin})) {
  const {code, given} = JSON.parse(line);
  let answer;
  try {
    const value = await new AsyncFunction("page", "context", "given", "axe", "problems", code)(page, context, given, axe, problems);
    answer = {value: value ?? null};
  } catch (error) {
    answer = {error: error.stack ?? String(error)};
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
