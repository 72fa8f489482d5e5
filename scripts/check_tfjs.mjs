// Called by check_tfjs.sh: FOLDER (with the npm packages) MEND RUNS FAULT...
import {execFileSync, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const [folder, mend, runs, ...faults] = process.argv.slice(2);
const require = createRequire(path.join(folder, 'package.json'));
const tf = require('@tensorflow/tfjs-core');
const layers = require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-cpu');
await tf.setBackend('cpu');

/// A generator in the place of Math.random, which draws all of TensorFlow.js' weights and batches: runs can be repeated.
function seed(state) {
  Math.random = () => { // mulberry32
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Unsupported extends Error {}

const camel = name => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/// The arrays of an npz file of mend: stored, 32-bit floats, row-major.
function readNpz(file) {
  const bytes = fs.readFileSync(file);
  const arrays = {};
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034B50;) {
    const size = bytes.readUInt32LE(at + 18);
    const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
    const name = bytes.toString('utf8', at + 30, nameEnd).replace(/\.npy$/, '');
    const start = nameEnd + bytes.readUInt16LE(at + 28);
    const headerEnd = start + 10 + bytes.readUInt16LE(start + 8);
    const header = bytes.toString('latin1', start + 10, headerEnd);
    const shape = header.match(/'shape': \(([^)]*)\)/)[1].split(',').filter(n => n.trim()).map(Number);
    const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset + headerEnd, bytes.byteOffset + start + size));
    arrays[name] = tf.tensor(numbers, shape);
    at = start + size;
  }
  return arrays;
}

/// The optimizer that compile names, in TensorFlow.js.
function makeOptimizer(given) {
  const name = typeof given === 'string' ? given : given.class_name;
  const config = {...(typeof given === 'string' ? {} : given.config)};
  const used = new Set(['name', 'decay']);
  const take = (key, standard) => { used.add(key); return config[key] ?? standard; };
  const make = {
    sgd: () => {
      const [rate, momentum, nesterov] = [take('learning_rate', 0.01), take('momentum', 0), take('nesterov', false)];
      return momentum ? tf.train.momentum(rate, momentum, nesterov) : tf.train.sgd(rate);
    },
    adam: () => tf.train.adam(
        take('learning_rate', 0.001), take('beta_1', 0.9), take('beta_2', 0.999), take('epsilon', 1e-7)),
    adamax: () => tf.train.adamax(
        take('learning_rate', 0.001), take('beta_1', 0.9), take('beta_2', 0.999), take('epsilon', 1e-7)),
    rmsprop: () => tf.train.rmsprop(
        take('learning_rate', 0.001), take('rho', 0.9), take('momentum', 0), take('epsilon', 1e-7), take('centered', false)),
    adagrad: () => tf.train.adagrad(take('learning_rate', 0.001), take('initial_accumulator_value', 0.1)),
    adadelta: () => tf.train.adadelta(take('learning_rate', 0.001), take('rho', 0.95), take('epsilon', 1e-7)),
  }[name.toLowerCase()];
  if (!make) throw new Unsupported(`optimizer ${name}`);
  const made = make();
  if (config.decay) throw new Unsupported('optimizer.decay');
  for (const [key, value] of Object.entries(config)) {
    if (!used.has(key) && value) throw new Unsupported(`optimizer.${key}`);
  }
  if (typeof config.learning_rate === 'object') throw new Unsupported('a learning rate schedule');
  return made;
}

/// Trains a problem file as it is, RUNS times; the metric on the test part.
async function train(problem, data) {
  const {model: topology, compile, fit} = problem;
  const scores = [];
  for (let run = 0; run < Number(runs); ++run) {
    seed(1000 + run);
    let model;
    try {
      model = await layers.models.modelFromJSON(structuredClone(topology));
    } catch (e) {
      throw new Unsupported(e.message.split('\n')[0]);
    }
    if (typeof compile.loss !== 'string') throw new Unsupported('a loss with settings');
    const loss = {mse: 'meanSquaredError', mae: 'meanAbsoluteError'}[compile.loss] ?? camel(compile.loss);
    const [metric] = compile.metrics;
    try {
      model.compile({optimizer: makeOptimizer(compile.optimizer), loss, metrics: [metric]});
    } catch (e) {
      throw e instanceof Unsupported ? e : new Unsupported(e.message.split('\n')[0]);
    }
    for (const key of ['callbacks', 'class_weight', 'sample_weight']) {
      if (fit[key] && Object.keys(fit[key]).length) throw new Unsupported(`fit.${key}`);
    }
    const width = model.outputs[0].shape.at(-1);
    const input = x => tf.reshape(x, [x.shape[0], ...model.inputs[0].shape.slice(1)]);
    const answer = y => {
      if (y.rank > 1) return y;
      if (width === 1 || loss === 'sparseCategoricalCrossentropy') return tf.expandDims(y, 1);
      return tf.cast(tf.oneHot(tf.cast(y, 'int32'), width), 'float32'); // as mend: class labels, where the output has a number for each
    };
    const x = input(data.x_train);
    await model.fit(x, answer(data.y_train), {
      batchSize: fit.batch_size ?? 32, epochs: fit.epochs ?? 1, shuffle: fit.shuffle ?? true, verbose: 0, yieldEvery: 'never'
    });
    const judged = model.evaluate(input(data.x_test), answer(data.y_test), {verbose: 0});
    scores.push((await judged[1].data())[0]);
    model.dispose();
  }
  return scores;
}

const mean = list => list.reduce((a, b) => a + b, 0) / list.length;
const deviation = list => Math.sqrt(list.reduce((a, b) => a + (b - mean(list)) ** 2, 0) / (list.length - 1));
const spread = list => `${mean(list).toFixed(3)} ± ${deviation(list).toFixed(3)}`;

const callMend = (...words) => JSON.parse(execFileSync(mend, [...words, '--json'], {maxBuffer: 1 << 30}).toString());

/// Repairs with the first seed of 1..5 whose patch TensorFlow.js can express.
async function check(id) {
  const fault = callMend('faults', id);
  const data = path.join(folder, `${id}.npz`);
  callMend('train', `fault:${id}`, '--write-data', data);
  const parts = readNpz(data);
  for (let n = 1; n <= 5; ++n) {
    const file = path.join(folder, `${id}.${n}.json`);
    const repair = spawnSync(
        mend, ['repair', `fault:${id}`, '--technique', 'guided', '--seed', String(n), '--out', file, '--json'],
        {maxBuffer: 1 << 30});
    if (repair.status !== 0) {
      console.log(`${id}: mend repair --seed ${n} improved nothing\n`);
      continue;
    }
    try {
      const fixed = JSON.parse(fs.readFileSync(file));
      const after = await train(fixed, parts);
      const before = await train(fault.problem, parts);
      const inMend = (problem) => callMend('train', problem, '--data', `npz:${data}`, '--runs', runs, '--seed', '1000')
                                      .runs.map(run => run.test.metric);
      return {
        patch: JSON.parse(repair.stdout.toString()).patch_text,
        metric: fault.problem.compile.metrics[0],
        seed: n, before, after, mendBefore: inMend(`fault:${id}`), mendAfter: inMend(file)
      };
    } catch (e) {
      if (!(e instanceof Unsupported)) throw e;
      console.log(`${id}: TensorFlow.js has no equal of the patch of seed ${n} (${e.message})\n`);
    }
  }
  return null;
}

const rows = [];
let failed = 0;
for (const id of faults) {
  const found = await check(id);
  if (!found) {
    ++failed;
    rows.push(`| \`${id}\` | | | | | | not checked |`);
    continue;
  }
  const sign = ['accuracy', 'acc'].includes(found.metric) ? 1 : -1;
  const gain = sign * (mean(found.after) - mean(found.before));
  const gainInMend = sign * (mean(found.mendAfter) - mean(found.mendBefore));
  const holds = gainInMend > 0 && gain >= gainInMend / 2;
  failed += holds ? 0 : 1;
  rows.push(
      `| \`${id}\`, ${found.metric} | ${found.patch.map(line => `\`${line}\``).join('<br>')} | ${spread(found.before)} | ` +
      `${spread(found.after)} | ${spread(found.mendBefore)} | ${spread(found.mendAfter)} | ${holds ? 'yes' : 'NO'} |`);
}
console.log('| fault, metric | patch | TensorFlow.js, faulty | repaired | mend, faulty | repaired | gain holds |');
console.log('|---|---|---:|---:|---:|---:|---|');
console.log(rows.join('\n'));
console.log(`\nTensorFlow.js ${tf.version_core ?? ''} on its CPU backend; test part, mean ± standard deviation over ${runs} ` +
            'trainings. A gain holds where it is at least half of that in mend.');
process.exit(failed ? 1 : 0);
