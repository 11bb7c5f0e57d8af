#version 330
uniform sampler2D pattern;
uniform float pattern_m;
uniform vec3 floor_colour;
uniform vec3 wall_colour;
uniform vec3 eye;
uniform vec4 room; // x from, to, z from, to
uniform float room_height;
uniform int background; // 0 room, 1 corridor, 2 outdoor
in vec3 v_position;
in vec2 v_along;
in float v_kind;
out vec4 colour; // alpha: how much of it is floor

float inside(float value, float from, float to, float soft) {
    return smoothstep(from - soft, from + soft, value) - smoothstep(to - soft, to + soft, value);
}

vec3 wall() {
    float soft = max(fwidth(v_along.y), 0.002);
    vec3 paint = wall_colour * (0.985 + 0.015 * texture(pattern, v_along / 3.1).g);
    vec3 skirting = mix(vec3(0.95), wall_colour, 0.25);
    vec3 result = paint * mix(0.93, 1.0, smoothstep(0.0, 1.6, v_along.y));
    float sideways = max(fwidth(v_along.x), 0.002);
    if (background == 1) {
        float u = mod(v_along.x + 1.7, 3.6) - 1.8;
        float frame = inside(u, -0.50, 0.50, sideways) * (1.0 - smoothstep(2.06 - soft, 2.06 + soft, v_along.y));
        float leaf = inside(u, -0.43, 0.43, sideways) * (1.0 - smoothstep(1.99 - soft, 1.99 + soft, v_along.y));
        result = mix(result, skirting * 0.97, frame);
        result = mix(result, mix(vec3(0.70, 0.62, 0.53), wall_colour, 0.45), leaf);
        float handle = inside(u, 0.26, 0.37, sideways) * inside(v_along.y, 1.02, 1.04, soft);
        result = mix(result, vec3(0.45), handle);
        skirting = mix(skirting, result, frame);
    }
    float board = 1.0 - smoothstep(0.09 - soft, 0.09 + soft, v_along.y);
    float line = inside(v_along.y, 0.088, 0.098, soft);
    result = mix(result, skirting, board);
    return result * (1.0 - 0.14 * line) * mix(0.86, 1.0, smoothstep(0.0, 0.05, v_along.y + soft));
}

void main() {
    vec3 view = eye - v_position;
    float distance = length(view);
    if (v_kind < 0.5) {
        vec3 shade = texture(pattern, v_along / pattern_m).rgb * 1.328125;
        vec3 result = floor_colour * shade;
        float grazing = 1.0 - abs(view.y) / distance;
        if (background == 2) {
            result = mix(result, vec3(0.72, 0.76, 0.74), smoothstep(6.0, 70.0, distance) * 0.75);
        } else {
            result = mix(result, wall_colour, 0.30 * grazing * grazing * grazing);
            // Only walls that are seen, from within, keep light from the floor.
            vec4 gap = vec4(v_position.x - room.x, room.y - v_position.x, v_position.z - room.z, room.w - v_position.z);
            vec4 seen = step(vec4(room.x, eye.x, room.z, eye.z), vec4(eye.x, room.y, eye.z, room.w));
            vec4 dark = seen * step(vec4(0.0), gap) * exp(-max(gap, vec4(0.0)) / 0.35);
            result *= 1.0 - 0.16 * min(dark.x + dark.y + dark.z + dark.w, 1.0);
        }
        colour = vec4(result, 1.0);
    } else if (v_kind < 1.5) {
        vec3 result = wall();
        float corner = exp(-(room_height - v_along.y) / 0.35);
        float end = min(abs(v_position.x - room.x), abs(v_position.x - room.y));
        float flank = min(abs(v_position.z - room.z), abs(v_position.z - room.w));
        corner += exp(-max(end, flank) / 0.35);
        colour = vec4(result * (1.0 - 0.09 * min(corner, 1.0)), 0.0);
    } else {
        vec2 edge = min(abs(v_position.xz - room.xz), abs(v_position.xz - room.yw));
        float corner = exp(-edge.x / 0.4) + exp(-edge.y / 0.4);
        colour = vec4(mix(vec3(0.95), wall_colour, 0.3) * (1.0 - 0.09 * min(corner, 1.0)), 0.0);
    }
}
