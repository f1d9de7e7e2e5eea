import { BootError } from '../../src/engine/index.js';

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Returns the module of a build; each build is fetched and compiled once. */
export function wasmModule(build: string, url: string): Promise<WebAssembly.Module> {
  let module = modules.get(build);
  if (module === undefined) {
    module = compile(build, url);
    modules.set(build, module);
    module.catch(() => modules.delete(build));
  }
  return module;
}

async function compile(build: string, url: string): Promise<WebAssembly.Module> {
  const response = await fetch(url).catch((error: Error) => {
    throw new BootError(
      `build ${build} cannot be loaded (${error.message}): is this page's host still there?`,
    );
  });
  if (!response.ok) {
    throw new BootError(
      `build ${build} cannot be loaded: the page's host answers ${response.status} for ${url}; put all of dist/web there`,
    );
  }
  // Another content type is no reason to refuse a build, but `compileStreaming` requires application/wasm.
  if (response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
