// One person through one theme: `node render.js THEME_FOLDER PERSON.json OUT.html`. A theme is a package of JSON Resume
// that exports `render(resume)`, in either module system.
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');

async function load(folder) {
  const about = JSON.parse(fs.readFileSync(path.join(folder, 'package.json')));
  const root = about.exports && (about.exports['.'] || about.exports);
  const names = [about.main, 'index.js', 'dist/index.js', 'lib/index.js', 'src/index.js', root && root.import, about.module];
  let last;
  for (const name of names.filter((one) => typeof one === 'string')) {
    const file = path.join(folder, name);
    if (!fs.existsSync(file)) continue;
    for (const way of [require, (one) => import(pathToFileURL(one).href)]) {
      try {
        return await way(file);
      } catch (error) {
        last = error;
      }
    }
  }
  throw last || new Error('nothing to load');
}

async function main() {
  const [folder, person, out] = process.argv.slice(2).map((name) => path.resolve(name));
  const theme = await load(folder);
  const render = theme.render || (theme.default && theme.default.render) || theme.default;
  process.chdir(folder);
  const page = await render(JSON.parse(fs.readFileSync(person)));
  fs.writeFileSync(out, typeof page === 'string' ? page : String(page.html || page));
}

main().catch((error) => {
  console.error(String(error && error.message).split('\n')[0]);
  process.exit(1);
});
