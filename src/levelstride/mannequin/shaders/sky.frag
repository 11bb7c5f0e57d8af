#version 330
// Behind everything outdoors: sky, with a hedge far away.
uniform vec3 ground;
uniform sampler2D pattern;
in vec3 v_ray;
out vec4 colour;

void main() {
    vec3 ray = normalize(v_ray);
    float up = max(ray.y, 0.0);
    vec3 sky = mix(vec3(0.86, 0.90, 0.93), vec3(0.55, 0.70, 0.86), sqrt(up));
    float along = atan(ray.z, ray.x);
    float top = 0.075 + 0.030 * texture(pattern, vec2(along * 1.3, 0.31)).g + 0.02 * texture(pattern, vec2(along * 5.0, 0.7)).r;
    float hedge = 1.0 - smoothstep(top - 0.004, top + 0.004, ray.y);
    float leaves = texture(pattern, vec2(along * 6.0, ray.y * 7.0)).g;
    vec3 green = mix(vec3(0.38, 0.46, 0.37), vec3(0.50, 0.57, 0.47), leaves + 2.0 * ray.y);
    colour = vec4(mix(sky, mix(green, sky, 0.25), hedge), 0.0);
}
