"""Checks every .onnx file of a folder with ONNX's own checker and prints what its shape inference finds, as JSON."""
import json
import pathlib
import sys

import onnx

found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    try:
        onnx.checker.check_model(str(path), full_check=True)
        inferred = onnx.shape_inference.infer_shapes(onnx.load(path), check_type=True, strict_mode=True)
        values = {}
        for value in [*inferred.graph.value_info, *inferred.graph.output]:
            tensor = value.type.tensor_type
            values[value.name] = [tensor.elem_type, [d.dim_param or d.dim_value for d in tensor.shape.dim]]
        found[path.stem] = {"problem": None, "values": values}
    except Exception as problem:  # The checker's own errors have no common class.
        found[path.stem] = {"problem": str(problem), "values": {}}
json.dump(found, sys.stdout)
