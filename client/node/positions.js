// Where a watch keeps how far its events have been dealt with.
import { open, readFile, rename } from "node:fs/promises";

export class FilePositions {
  #path;

  constructor(path) {
    this.#path = path;
  }

  async load() {
    let text;
    try {
      text = await readFile(this.#path, "ascii");
    } catch (error) {
      if (error.code === "ENOENT") return "";
      throw error;
    }
    if (text.trim() === "") throw new Error(`${this.#path} holds no position: delete it to start anew`);
    return text.trim();
  }

  async save(position) {
    const file = await open(`${this.#path}.next`, "w");
    try {
      await file.writeFile(`${position}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.#path}.next`, this.#path);
  }
}
