// A peer: a loop under Node over objects, one for each unit and each link, in the style of TensorFlow Playground's
// engine: own code, with what that does per link and unit (functions behind names, sums of derivatives with their
// counts, a slope from the sum that went in). Numbers are doubles. See serve.py for the conversation.
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const tanh = {
  value: (sum) => Math.tanh(sum),
  slope(sum) {
    const value = tanh.value(sum);
    return 1 - value * value;
  },
};
const linear = { value: (sum) => sum, slope: () => 1 };
const l1 = { slope: (weight) => (weight < 0 ? -1 : weight > 0 ? 1 : 0) };

class Unit {
  constructor(activation) {
    this.activation = activation;
    this.incoming = [];
    this.outgoing = [];
    this.bias = this.sum = this.value = 0;
    this.valueSignal = this.sumSignal = this.total = this.count = 0;
  }

  fire() {
    this.sum = this.bias;
    for (let k = 0; k < this.incoming.length; k++) {
      const link = this.incoming[k];
      this.sum += link.weight * link.from.value;
    }
    this.value = this.activation.value(this.sum);
  }
}

class Link {
  constructor(from, to, weight, penalty) {
    this.from = from;
    this.to = to;
    this.weight = weight;
    this.penalty = penalty;
    this.gradient = this.total = this.count = 0;
  }
}

function readJob(folder) {
  const told = {};
  for (const line of fs.readFileSync(path.join(folder, "work.txt"), "ascii").trim().split("\n")) {
    const [name, ...values] = line.split(" ");
    told[name] = values.map(Number);
  }
  const array = (name, Type) => {
    const bytes = fs.readFileSync(path.join(folder, name));
    return new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };
  const rows = (values, width) =>
    Array.from({ length: values.length / width }, (_, k) => Array.from(values.subarray(k * width, (k + 1) * width)));
  return {
    sizes: told.sizes, batch: told.batch[0], rate: told.rate[0], lam: told.lam[0], isSquared: told.loss[0] === 0,
    inputs: rows(array("inputs.f32", Float32Array), told.sizes[0]),
    targets: rows(array("targets.f32", Float32Array), told.sizes[told.sizes.length - 1]),
    start: array("start.f32", Float32Array), visits: array("visits.i32", Int32Array),
  };
}

function build(job) {
  const last = job.sizes.length - 1;
  const layers = job.sizes.map((n, l) => Array.from({ length: n }, () => new Unit(l === last ? linear : tanh)));
  let at = 0;
  for (let l = 1; l <= last; l++) {
    for (const from of layers[l - 1]) {
      for (const to of layers[l]) {
        const link = new Link(from, to, job.start[at++], job.lam > 0 ? l1 : null);
        from.outgoing.push(link);
        to.incoming.push(link);
      }
    }
    for (const unit of layers[l]) unit.bias = job.start[at++];
  }
  return layers;
}

function forward(layers, row) {
  for (let i = 0; i < row.length; i++) layers[0][i].value = row[i];
  for (let l = 1; l < layers.length; l++) {
    for (let j = 0; j < layers[l].length; j++) layers[l][j].fire();
  }
  const outputs = layers[layers.length - 1];
  let largest = -Infinity, total = 0;
  for (const unit of outputs) largest = Math.max(largest, unit.sum);
  for (const unit of outputs) total += unit.value = Math.exp(unit.sum - largest);
  for (const unit of outputs) unit.value /= total;
}

function backward(layers, target, isSquared) {
  const outputs = layers[layers.length - 1];
  for (let k = 0; k < outputs.length; k++) {
    const o = outputs[k].value, miss = o - target[k];
    outputs[k].valueSignal = isSquared ? miss * (1 - o) * o : miss;
  }
  for (let l = layers.length - 1; l >= 1; l--) {
    const units = layers[l];
    for (let j = 0; j < units.length; j++) {
      const unit = units[j];
      unit.sumSignal = unit.valueSignal * unit.activation.slope(unit.sum);
      unit.total += unit.sumSignal;
      unit.count++;
    }
    for (let j = 0; j < units.length; j++) {
      const unit = units[j];
      for (let k = 0; k < unit.incoming.length; k++) {
        const link = unit.incoming[k];
        link.gradient = unit.sumSignal * link.from.value;
        link.total += link.gradient;
        link.count++;
      }
    }
    for (let i = 0; l > 1 && i < layers[l - 1].length; i++) {
      const unit = layers[l - 1][i];
      unit.valueSignal = 0;
      for (let k = 0; k < unit.outgoing.length; k++) {
        const link = unit.outgoing[k];
        unit.valueSignal += link.weight * link.to.sumSignal;
      }
    }
  }
}

function step(layers, rate, lam) {
  for (let l = 1; l < layers.length; l++) {
    for (let j = 0; j < layers[l].length; j++) {
      const unit = layers[l][j];
      if (unit.count > 0) {
        unit.bias -= (rate * unit.total) / unit.count;
        unit.total = unit.count = 0;
      }
      for (let k = 0; k < unit.incoming.length; k++) {
        const link = unit.incoming[k];
        const pull = link.penalty ? link.penalty.slope(link.weight) : 0;
        if (link.count > 0) {
          link.weight -= rate * (link.total / link.count + lam * pull);
          link.total = link.count = 0;
        }
      }
    }
  }
}

function train(job, layers, updates) {
  for (let u = 0; u < updates; u++) {
    for (let k = 0; k < job.batch; k++) {
      const row = job.visits[u * job.batch + k];
      forward(layers, job.inputs[row]);
      backward(layers, job.targets[row], job.isSquared);
    }
    step(layers, job.rate, job.lam);
  }
}

function parameters(layers) {
  const flat = [];
  for (let l = 1; l < layers.length; l++) {
    for (const from of layers[l - 1]) for (const link of from.outgoing) flat.push(link.weight);
    for (const unit of layers[l]) flat.push(unit.bias);
  }
  return Float64Array.from(flat);
}

function serve(folder) {
  const job = readJob(folder);
  console.log("ready");
  readline.createInterface({ input: process.stdin }).on("line", (line) => {
    const [, updates, times, target] = line.split(" ");
    let layers, cpu = 0, wall = 0;
    for (let k = 0; k < Number(times); k++) {
      layers = build(job);
      const cpuBefore = process.cpuUsage(), wallBefore = process.hrtime.bigint();
      train(job, layers, Number(updates));
      const used = process.cpuUsage(cpuBefore);
      cpu += (used.user + used.system) / 1e6;
      wall += Number(process.hrtime.bigint() - wallBefore) / 1e9;
    }
    if (target !== "-") fs.writeFileSync(target, Buffer.from(parameters(layers).buffer));
    console.log(`done ${cpu.toFixed(9)} ${wall.toFixed(9)}`);
  });
}

if (process.argv[2] === "--once") {
  for (const folder of process.argv.slice(3)) {
    const job = readJob(folder), layers = build(job);
    train(job, layers, job.visits.length / job.batch);
    console.log(parameters(layers).reduce((sum, value) => sum + Math.abs(value), 0).toFixed(4));
  }
} else {
  serve(process.argv[2]);
}
