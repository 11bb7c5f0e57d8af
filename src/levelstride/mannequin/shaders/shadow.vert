#version 330
// The person seen from the light, slid down onto the floor: depth keeps the greatest height above each place.
uniform vec3 to_light;
uniform vec4 blockers_place;
in vec3 position;

void main() {
    vec2 at = (position.xz - to_light.xz * (position.y / to_light.y) - blockers_place.xy) * blockers_place.z;
    gl_Position = vec4(at, 1.0 - 2.0 * clamp(position.y / blockers_place.w, 0.0, 1.0), 1.0);
}
