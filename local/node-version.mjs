/** Ends with a plain sentence on a Node that cannot run TypeScript: plain JavaScript, since an older Node must understand it. */
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(
    `Brevet needs Node 24 or newer; this is Node ${process.versions.node}.\n` +
      'Use "npm start", which runs on the Node 24 that "npm ci" installs (without --ignore-scripts).',
  );
  process.exit(1);
}
