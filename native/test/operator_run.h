// One operator, run by itself on a test's own memory.
#pragma once

#include "testing.h"

namespace testing {

struct OperatorRun {
  lamella_op op = {};
  lamella::StepInputs step = {};
  lamella::Call call = {};

  OperatorRun(const char* kind, int samples) {
    op.kind = lamella::kind_number(kind);
    REQUIRE(op.kind >= 0);
    step.samples = samples;
    call.chunks = 1, call.last = samples;
  }

  // Of `each` values per sample (or chunk); 0 for an operand of the whole batch.
  template <typename T>
  OperatorRun& with(int slot, std::vector<T>& values, int64_t each = 0) {
    call.base[slot] = reinterpret_cast<char*>(values.data());
    call.stride[slot] = each * static_cast<int64_t>(sizeof(T));
    op.operand[slot] = {LAMELLA_ARENA, 0, 0, call.stride[slot]};
    return *this;
  }

  OperatorRun& accumulating(bool accumulate) {
    op.accumulate = accumulate;
    return *this;
  }

  // All samples, all units, with a poisoned workspace.
  void run(const lamella::KernelTable& kernels) {
    const lamella::Operator& o = kernels.operator_of(op);
    std::vector<float> work = poisoned(o.workspace_floats ? o.workspace_floats(op, {step.samples, step.samples}) : 0);
    call.op = &op, call.step = &step, call.work = work.data();
    for (call.unit = 0; call.unit < (o.units ? o.units(op) : 1); call.unit++) o.run(call);
  }
};

}  // namespace testing
