// Two cases of a study side by side.
function mountSides(_frame) {}
