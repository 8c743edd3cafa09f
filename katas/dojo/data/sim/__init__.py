"""The parts of the simulator: body, motion, falls, daily activities, sensor."""
