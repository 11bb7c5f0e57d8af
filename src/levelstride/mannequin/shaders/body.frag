#version 330
// Colours are squared on the way in and rooted on the way out: cheap, and close to sRGB.
uniform vec3 colours[5];
uniform vec3 to_light;
uniform vec3 eye;
uniform float light_strength;
uniform vec3 above;
uniform vec3 below;
uniform float fabric_strength;
uniform sampler3D fabric;
uniform sampler2D blockers; // height of what the light meets first, see shadow.vert
uniform vec4 blockers_place; // middle x, z; 1 / half size; height of one unit of depth
in vec3 v_position;
in vec3 v_normal;
in vec3 v_rest;
in vec4 v_share;
out vec4 colour;

float open_above(float blocker, float height) {
    return 1.0 - smoothstep(0.0, 0.012, blocker - height);
}

float lit(vec3 point) {
    vec2 at = (point.xz - to_light.xz * (point.y / to_light.y) - blockers_place.xy) * blockers_place.z;
    float height = point.y / blockers_place.w;
    vec2 step = vec2(0.012 * blockers_place.z * 0.5, 0.0);
    at = at * 0.5 + 0.5;
    float open = 0.0;
    open += open_above(texture(blockers, at + step.xy).r, height);
    open += open_above(texture(blockers, at - step.xy).r, height);
    open += open_above(texture(blockers, at + step.yx).r, height);
    open += open_above(texture(blockers, at - step.yx).r, height);
    return open * 0.25;
}

void main() {
    vec4 s = v_share * v_share;
    float shoes = 1.0 - dot(v_share, vec4(1.0));
    float last = shoes * shoes;
    s *= s; s *= s; s *= s;
    last *= last; last *= last; last *= last;
    float sum = dot(s, vec4(1.0)) + last;
    s /= sum;
    last /= sum;
    float seam = dot(s, s) + last * last; // 1 inside a garment, 0.5 at its hem
    vec3 base = s.x * colours[0] + s.y * colours[1] + s.z * colours[2] + s.w * colours[3] + last * colours[4];
    base *= base;

    float cloth = (s.z + s.w) * fabric_strength;
    vec4 folds = texture(fabric, v_rest * vec3(2.6, 1.7, 2.6)) - 0.5;
    vec4 weave = texture(fabric, v_rest * 14.0) - 0.5;
    vec3 normal = normalize(v_normal + cloth * (0.34 * folds.xyz + 0.10 * weave.xyz));
    float uneven = fabric_strength * mix(0.10, 0.32, s.z + s.w + s.y);
    base *= 1.0 + uneven * (0.6 * folds.w + 0.7 * weave.w);
    base *= mix(0.62, 1.0, smoothstep(0.5, 0.95, seam));

    vec3 view = normalize(eye - v_position);
    float facing = max(dot(normal, view), 0.0);
    float sun = max((dot(normal, to_light) + 0.15) / 1.15, 0.0);
    sun *= lit(v_position + 0.012 * v_normal + 0.03 * to_light);
    float up = 0.5 + 0.5 * normal.y;
    float near_floor = smoothstep(-0.15, 0.55, v_position.y);
    vec3 light = mix(below * (0.55 + 0.45 * near_floor), above, up) + light_strength * sun * vec3(0.66, 0.64, 0.60);
    light += 0.10 * facing;
    vec3 result = base * light;
    result += (0.02 + 0.03 * s.x) * pow(1.0 - facing, 3.0) * above;
    colour = vec4(sqrt(clamp(result, 0.0, 1.0)), 0.0);
}
