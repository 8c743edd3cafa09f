def improved(value, best, mode="min", min_delta=0.0):
    if best is None:
        return True
    if mode == "max":
        return value > best + min_delta
    return np.less(value, best - min_delta)


def write_whole(path, write):
    part = path.parent / f"{path.stem}.new{path.suffix}"
    part.unlink(missing_ok=True)
    try:
        write(part)
        part.replace(path)
    except Exception:
        part.unlink(missing_ok=True)
        raise


def variables(model):
    found = list(model.optimizer.variables)
    return found + model.trainable_variables + model.non_trainable_variables


def resume(path, model, callbacks):
    try:
        with open(path, "rb") as file:
            saved = pickle.load(file)
    except FileNotFoundError:
        return 0
    found = len(saved["variables"]), len(saved["memories"])
    if found != (len(variables(model)), len(callbacks)):
        raise ValueError(f"another run: {found}")
    for k, variable in enumerate(variables(model)):
        variable.assign(saved["variables"][k])
    for k, callback in enumerate(callbacks):
        for name, value in saved["memories"][k].items():
            setattr(callback, name, value)
    return saved["epoch"]
