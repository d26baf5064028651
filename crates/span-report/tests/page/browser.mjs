// Chromium through its DevTools protocol, over a pipe: no package and no port.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
  "--disable-component-update", "--remote-debugging-pipe",
];

/** A browser with one page. `problems` are its console messages, exceptions, and requests other than for the page itself. */
export async function open(address, program = "chromium") {
  const profile = mkdtempSync(join(tmpdir(), "page-"));
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [, , , commands, events] = child.stdio;
  const waiting = new Map();
  const problems = [];
  let session, number = 0, received = "", loaded = () => {};

  const send = (method, params = {}) => new Promise((done, failed) => {
    waiting.set(++number, { done, failed });
    commands.write(`${JSON.stringify({ id: number, method, params, sessionId: session })}\0`);
  });
  const hear = message => {
    if (message.id) {
      const { done, failed } = waiting.get(message.id);
      waiting.delete(message.id);
      return message.error ? failed(new Error(message.error.message)) : done(message.result);
    }
    const { method, params } = message;
    if (method === "Page.loadEventFired") loaded();
    if (method === "Runtime.exceptionThrown") problems.push(`exception: ${params.exceptionDetails.exception?.description}`);
    if (method === "Runtime.consoleAPICalled") problems.push(`console: ${JSON.stringify(params.args)}`);
    if (method === "Log.entryAdded") problems.push(`log: ${params.entry.text}`);
    if (method === "Network.requestWillBeSent") {
      const { url } = params.request;
      if (!url.startsWith("data:") && url.split("#")[0] !== address) problems.push(`request: ${url}`);
    }
  };
  events.setEncoding("utf8").on("data", text => {
    const parts = (received + text).split("\0");
    received = parts.pop();
    parts.forEach(part => hear(JSON.parse(part)));
  });
  child.on("exit", () => waiting.forEach(({ failed }) => failed(new Error("the browser ended"))));

  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  session = (await send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);

  const page = {
    problems,
    send,
    /** Loads the page anew, with the part of the address after `#`. */
    async load(hash = "") {
      for (const url of ["about:blank", address + hash]) {
        const done = new Promise(resolve => { loaded = resolve; });
        await send("Page.navigate", { url });
        await done;
      }
    },
    /** The value of an expression in the page. */
    async value(expression) {
      const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
      return result.value;
    },
    resize: (width, height) =>
      send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false }),
    mouse: (type, x, y) => send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons: type === "mouseReleased" ? 0 : 1, clickCount: 1 }),
    async close() {
      child.kill();
      await new Promise(resolve => (child.exitCode === null && child.signalCode === null ? child.on("exit", resolve) : resolve()));
      // The browser's helpers end a little later, and may still write into the folder.
      try {
        rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
      } catch (error) {
        console.error(`left behind: ${profile} (${error.code})`);
      }
    },
  };
  return page;
}
